using System.Security.Cryptography;
using DeepTricks.Data;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Data;

[Collection(ProcessWide.Name)]
public sealed class MnistTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("deeptricks-mnist-").FullName;

    public MnistTests() => Environment.SetEnvironmentVariable(MnistOptions.EnvironmentVariable, null);

    // Nothing outside the test's own folder may be found, and nothing fetched.
    private MnistOptions Isolated => new()
    {
        // A folder below: what lies beside the temporary one is not ours.
        SearchFrom = Directory.CreateDirectory(Path.Combine(folder, "here")).FullName,
        CacheDirectory = Path.Combine(folder, "cache"),
        AllowDownload = false,
        SyntheticTrainCount = 30,
        SyntheticTestCount = 10,
    };

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(MnistOptions.EnvironmentVariable, null);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_NamedFolder_GivesImagesFromZeroToOneAndLabels(bool compressed)
    {
        var data = Write("mine", train: 3, test: 2, compressed);

        using var mnist = Mnist.Load(Isolated with { Directory = data });

        Assert.Equal(new MnistSource(MnistSourceKind.Directory, data, 3, 2), mnist.Source);
        Assert.Equal([3L, 1, 28, 28], mnist.Train.Inputs.shape);
        Assert.Equal(ScalarType.Float32, mnist.Train.Inputs.dtype);
        Assert.Equal(ScalarType.Int64, mnist.Train.Targets!.dtype);
        Assert.Equal([0L, 1, 2], mnist.Train.Targets.data<long>().ToArray());
        Assert.Equal([0f, 1 / 255f, 2 / 255f], mnist.Train.Inputs.data<float>().ToArray()[..3]);
        Assert.Equal(2, mnist.Test.Count);
    }

    [Fact]
    public void Load_EnvironmentVariable_IsSecond()
    {
        Environment.SetEnvironmentVariable(MnistOptions.EnvironmentVariable, Write("environment", 4, 1));

        using var fromEnvironment = Mnist.Load(Isolated);
        using var named = Mnist.Load(Isolated with { Directory = Write("mine", 3, 2) });

        Assert.Equal((MnistSourceKind.Environment, 4), (fromEnvironment.Source.Kind, fromEnvironment.Source.TrainCount));
        Assert.Equal(MnistSourceKind.Directory, named.Source.Kind);
    }

    [Fact]
    public void Load_SharedFolderBesideTheRepository_IsThird()
    {
        var shared = Write("shared/data/mnist", 5, 2);
        var inside = Directory.CreateDirectory(Path.Combine(folder, "repository", "src", "deep")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "repository", ".git"));

        using var mnist = Mnist.Load(Isolated with { SearchFrom = inside });

        Assert.Equal(new MnistSource(MnistSourceKind.Shared, shared, 5, 2), mnist.Source);
    }

    [Fact]
    public void Load_FilesAtAMirror_AreFetchedOnceAndCached()
    {
        var published = Write("published", 6, 2);
        using var server = new LocalFileServer(name => File.ReadAllBytes(Path.Combine(published, name)));
        var options = Isolated with
        {
            AllowDownload = true,
            Download = new() { Mirrors = [server.Folder] },
            Checksums = Directory.GetFiles(published).ToDictionary(
                path => Path.GetFileName(path), path => FileChecksum.Sha256(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))))),
        };

        for (var time = 0; time < 2; time++)
        {
            using var mnist = Mnist.Load(options);

            Assert.Equal(new MnistSource(MnistSourceKind.Download, options.CacheDirectory, 6, 2), mnist.Source);
            Assert.Equal(4, server.Requests.Count);
        }
    }

    [Fact]
    public void Options_ChecksumsThatLackAFile_AreRefused() =>
        Assert.Throws<ArgumentException>("Checksums", () => Isolated with { Checksums = new Dictionary<string, FileChecksum>() });

    [RealMnistFact]
    public void Load_RealDigits_HaveTheirKnownMoments()
    {
        using var mnist = Mnist.Load(new() { SearchFrom = Repository.Root, AllowDownload = false });

        // Of the 60,000 published training images the mean is 0.1307 and the deviation 0.3081; those of the shared folder are some of them.
        Assert.Equal(MnistSourceKind.Shared, mnist.Source.Kind);
        Assert.Equal(0.1307, mnist.Train.Inputs.mean().item<float>(), 0.004);
        Assert.Equal(0.3081, mnist.Train.Inputs.std().item<float>(), 0.004);
    }

    [Fact]
    public void Load_FilesAtAMirror_ThatAreNotThePublishedOnes_AreNotTaken()
    {
        using var server = new LocalFileServer([1, 2, 3]);

        var download = new DownloadOptions { Mirrors = [server.Folder], AttemptsPerMirror = 1 };

        using var mnist = Mnist.Load(Isolated with { AllowDownload = true, Download = download });

        Assert.Equal(MnistSourceKind.Synthetic, mnist.Source.Kind);
        Assert.Contains("expected f68b3c2dcbeaaa9fbdd348bbdeb94873", mnist.Source.Note);
        Assert.Contains("SYNTHETIC digits", mnist.Source.ToString());
        Assert.False(mnist.Source.IsReal);
    }

    [Fact]
    public void Load_Nothing_DrawsTheSameDigitsEachTime()
    {
        using var first = Mnist.Load(Isolated);
        using var again = Mnist.Load(Isolated);

        Assert.Equal(new MnistSource(MnistSourceKind.Synthetic, null, 30, 10, "Nothing was downloaded, as the options say."), first.Source);
        Assert.Equal(first.Train.Inputs.data<float>().ToArray(), again.Train.Inputs.data<float>().ToArray());
        Assert.NotEqual(first.Train.Targets!.data<long>().ToArray()[..10], first.Test.Targets!.data<long>().ToArray());
    }

    [Fact]
    public void Load_NothingAndNoGenerator_SaysWhatToDo()
    {
        var exception = Assert.Throws<IOException>(() => Mnist.Load(Isolated with { AllowSynthetic = false }));

        Assert.Contains(MnistOptions.EnvironmentVariable, exception.Message);
    }

    [Fact]
    public void Load_NamedFolderThatLacksAFile_IsAnErrorAndNothingElseIsTried()
    {
        var data = Write("mine", 3, 2);
        File.Delete(Path.Combine(data, "t10k-labels-idx1-ubyte.gz"));
        var before = ProcessWide.LiveTensors();

        var exception = Assert.Throws<FileNotFoundException>(() => Mnist.Load(Isolated with { Directory = data }));

        Assert.Contains("t10k-labels-idx1-ubyte", exception.Message);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte.gz", new[] { 3, 28, 27 }, "expected N x 28 x 28 of UInt8")]
    [InlineData("train-labels-idx1-ubyte.gz", new[] { 4 }, "expected 3 of UInt8")]
    public void Load_WrongShape_NamesTheFile(string file, int[] shape, string expected)
    {
        var data = Write("mine", 3, 2);
        File.WriteAllBytes(Path.Combine(data, file), IdxFileTests.Idx(0x08, shape, new byte[shape.Aggregate(1, (a, b) => a * b)]));

        var exception = Assert.Throws<InvalidDataException>(() => Mnist.Load(Isolated with { Directory = data }));

        Assert.Contains(file, exception.Message);
        Assert.Contains(expected, exception.Message);
    }

    [Fact]
    public void Load_LabelThatIsNoDigit_NamesIt()
    {
        var data = Write("mine", 3, 2);
        File.WriteAllBytes(Path.Combine(data, "train-labels-idx1-ubyte.gz"), IdxFileTests.Idx(0x08, [3], [1, 10, 2]));

        var exception = Assert.Throws<InvalidDataException>(() => Mnist.Load(Isolated with { Directory = data }));

        Assert.Contains("label 1 is 10; expected 0 to 9", exception.Message);
    }

    private string Write(string name, int train, int test, bool compressed = true)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        foreach (var (split, count) in new[] { ("train", train), ("t10k", test) })
        {
            byte[] pixels = [.. Enumerable.Range(0, count * 784).Select(i => (byte)i)];
            byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];
            Save($"{split}-images-idx3-ubyte", IdxFileTests.Idx(0x08, [count, 28, 28], pixels));
            Save($"{split}-labels-idx1-ubyte", IdxFileTests.Idx(0x08, [count], labels));
        }

        return path;

        void Save(string file, byte[] content) =>
            File.WriteAllBytes(Path.Combine(path, compressed ? file + ".gz" : file), compressed ? IdxFileTests.Gzip(content) : content);
    }
}
