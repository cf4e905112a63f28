using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using DeepTricks.Checkpoints;

namespace DeepTricks.Tests.Checkpoints;

[Collection(ProcessWide.Name)]
public sealed class MalformedFileTests : IDisposable
{
    private const long Allowed = 64L << 20;

    // Some ten seconds; DEEPTRICKS_MUTATIONS asks for more or fewer.
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("DEEPTRICKS_MUTATIONS") ?? "20000", CultureInfo.InvariantCulture);
    private static readonly string[] Sharded = ["sharded", "sharded-bin"];

    private readonly string _folder = Directory.CreateTempSubdirectory("malformed").FullName;

    [Fact]
    public void Open_FilesDamagedInManyWays_ThrowsTheOneExceptionOrReads()
    {
        var names = Fixtures.Names.Except(Sharded).ToArray();
        using var module = new Fixtures.Net();
        var (refused, read, loaded) = (0, 0, 0);
        for (var seed = 0; seed < Count; seed++)
        {
            var random = new Random(seed);
            // Every eighth is a folder of which one file is damaged.
            var name = seed % 8 == 0 ? Sharded[seed / 8 % 2] : names[seed % names.Length];
            var (path, length) = seed % 8 == 0 ? DamagedFolder(name, random) : DamagedFile(name, random);
            var files = FilesBelow();
            var start = Stopwatch.GetTimestamp();
            var allocated = GC.GetTotalAllocatedBytes();
            var largest = 0L;
            try
            {
                using var file = CheckpointFile.Open(path);
                foreach (var entry in file.Entries)
                {
                    using var tensor = file.Read(entry.Name);
                    Assert.Equal(entry.Bytes, tensor.numel() * tensor.element_size());
                    largest = Math.Max(largest, entry.Bytes);
                }
                read++;
                var before = module.Snapshot();
                try
                {
                    file.LoadInto(module);
                    loaded++;
                }
                catch (CheckpointLoadException)
                {
                    Assert.Equal(before, module.Snapshot());
                }
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith(path, error.Message);
                refused++;
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"The mutation {seed} of {name} gives {error}");
            }
            var taken = GC.GetTotalAllocatedBytes() - allocated + largest;
            Assert.True(taken <= Allowed + length, $"The mutation {seed} of {name} takes {taken} bytes.");
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20), $"The mutation {seed} of {name} takes {Stopwatch.GetElapsedTime(start)}.");
            Assert.Equal(files, FilesBelow());
        }
        Assert.False(File.Exists("/tmp/deeptricks-was-here"));
        // The damage must neither spare the readers nor never get past the first check.
        Assert.True(refused > Count / 4 && read > Count / 20 && loaded > 0, $"{refused} refused, {read} read, {loaded} loaded");
    }

    [Fact]
    public void Open_DictionariesThatShareEachOther_DoesNotUnfoldThemWithoutEnd()
    {
        // d0 = {}; d1 = {"a": d0, "b": d0}; ... and so on 60 times: 2^60 ways to the first one.
        var pickle = new List<byte> { 0x80, 2, (byte)'}', (byte)'q', 0, (byte)'0' };
        for (byte level = 0; level < 60; level++)
            pickle.AddRange([(byte)'}', (byte)'(', .. Text("a"), (byte)'h', level, .. Text("b"), (byte)'h', level, (byte)'u', (byte)'q', (byte)(level + 1), (byte)'0']);
        pickle.AddRange([(byte)'h', 60, (byte)'.']);

        Assert.Contains("MaxExtraBytes", Refused(Archive(pickle)));
    }

    [Fact]
    public void Open_ADictionaryInItself_PassesItBy()
    {
        using var file = CheckpointFile.Open(Archive([0x80, 2, (byte)'}', (byte)'q', 0, .. Text("self"), (byte)'h', 0, (byte)'s', (byte)'.']));

        Assert.Empty(file.Entries);
    }

    [Fact]
    public void Open_ListsInListsWithoutEnd_SaysHowDeep()
    {
        byte[] pickle = [0x80, 2, .. Enumerable.Repeat((byte)']', 5000), .. Enumerable.Repeat((byte)'a', 4999), (byte)'.'];

        Assert.Contains("64 deep", Refused(Archive(pickle)));
    }

    [Fact]
    public void Open_AnObjectOnEveryByte_StopsAtTheBudget() =>
        Assert.Contains("MaxExtraBytes", Refused(Archive([0x80, 2, .. Enumerable.Repeat((byte)'}', 2_000_000), (byte)'.'])));

    [Fact]
    public void Open_AFileOfABigEndianMachine_Throws()
    {
        var path = Path.Combine(_folder, "big-endian.pth");
        File.Copy(Fixtures.At("state.pth"), path);
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
        using (var record = archive.CreateEntry("state/byteorder").Open())
            record.Write("big"u8);

        Assert.Contains("the byte order is \"big\"", Refused(path));
    }

    [Fact]
    public void Open_TextsOfPython2_AreNames()
    {
        // What Python 2 wrote: {"epoch": 3} with a text of bytes.
        using var file = CheckpointFile.Open(Archive([0x80, 2, (byte)'}', (byte)'U', 5, .. "epoch"u8, (byte)'K', 3, (byte)'s', (byte)'.']));

        Assert.Equal(3L, file.Value("epoch"));
    }

    [Fact]
    public void Open_ARecordThatInflatesToGigabytes_Throws()
    {
        var path = Path.Combine(_folder, "bomb.pth");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var pickle = archive.CreateEntry("a/data.pkl").Open();
            pickle.Write([0x80, 2]);
            var zeros = Enumerable.Repeat((byte)'}', 1 << 20).ToArray();
            for (var i = 0; i < 100; i++)
                pickle.Write(zeros);
        }

        Assert.Contains("MaxExtraBytes", Refused(path));
    }

    [Fact]
    public void Open_ATensorThatClaimsMoreThanItsStorage_SaysBoth()
    {
        var bytes = File.ReadAllBytes(Fixtures.At("state.pth"));
        // The first shape, (4, 3, 3, 3), becomes (127, 3, 3, 3).
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[(byte)'(', (byte)'K', 4, (byte)'K', 3, (byte)'K', 3, (byte)'K', 3]);
        bytes[at + 2] = 127;
        var path = Path.Combine(_folder, "large.pth");
        File.WriteAllBytes(path, bytes);

        Assert.Contains("\"conv.weight\": a tensor of the shape [127, 3, 3, 3] and the strides [27, 9, 3, 1]", Refused(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Refused(string path) => Assert.Throws<InvalidDataException>(() => CheckpointFile.Open(path)).Message;

    private static byte[] Text(string text)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [(byte)'X', .. length, .. Encoding.ASCII.GetBytes(text)];
    }

    private string Archive(IEnumerable<byte> pickle)
    {
        var path = Path.Combine(_folder, "made.pth");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        using var record = archive.CreateEntry("a/data.pkl", CompressionLevel.NoCompression).Open();
        record.Write(pickle.ToArray());
        return path;
    }

    private (string Path, long Length) DamagedFile(string name, Random random)
    {
        var path = Path.Combine(_folder, "damaged");
        var bytes = Mutation.Damage(File.ReadAllBytes(Fixtures.At(name)), random);
        File.WriteAllBytes(path, bytes);
        return (path, bytes.Length);
    }

    private (string Path, long Length) DamagedFolder(string name, Random random)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        var files = Directory.GetFiles(Fixtures.At(name)).Order().ToArray();
        foreach (var file in files)
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var index = files.Single(file => file.EndsWith(".index.json", StringComparison.Ordinal));
        var damaged = random.Next(2) == 0 ? index : files[random.Next(files.Length)];
        File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(damaged)), Mutation.Damage(File.ReadAllBytes(damaged), random));
        return (Path.Combine(folder, Path.GetFileName(index)), Directory.GetFiles(folder).Sum(file => new FileInfo(file).Length));
    }

    private string[] FilesBelow() => [.. Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Order()];
}
