using DeepTricks.Kernels;

namespace DeepTricks.Tests.Kernels;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string Target => Path.Combine(_folder, "target.bin");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_NewFileInMissingFolder_CreatesBoth()
    {
        var path = Path.Combine(_folder, "a", "b", "new.bin");

        AtomicFile.Write(path, stream => stream.Write([1, 2, 3]));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Write_ShorterContent_ReplacesTheWholeFile()
    {
        File.WriteAllBytes(Target, new byte[100]);

        AtomicFile.Write(Target, stream => stream.Write([7]));

        Assert.Equal([7], File.ReadAllBytes(Target));
    }

    [Fact]
    public void Write_FailingWriter_KeepsTheOldFileAndLeavesNoOther()
    {
        File.WriteAllText(Target, "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException();
        }));

        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Write_WhileWriting_TheOldFileIsStillThere()
    {
        File.WriteAllText(Target, "old");
        string? seen = null;

        AtomicFile.Write(Target, stream =>
        {
            stream.Write([1]);
            seen = File.ReadAllText(Target);
        });

        Assert.Equal("old", seen);
    }

    [Fact]
    public void Write_TargetIsAFolder_ThrowsAndLeavesNoTemporaryFile()
    {
        Directory.CreateDirectory(Target);

        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(Target, stream => stream.Write([1])));

        Assert.Empty(Directory.GetFiles(_folder));
    }
}
