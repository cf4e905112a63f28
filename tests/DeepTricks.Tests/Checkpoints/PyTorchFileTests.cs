using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using DeepTricks.Checkpoints;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Checkpoints;

public sealed class PyTorchFileTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pth");

    [Theory]
    [InlineData("types.pth")]
    [InlineData("views.pth")]
    [InlineData("state.pth")]
    public void Save_WhatPyTorchSaved_IsReadBackEqual(string name)
    {
        using var scope = NewDisposeScope();
        using var original = CheckpointFile.Open(Fixtures.At(name));
        var tensors = original.ReadAll();

        PyTorchFile.Save(_path, tensors);

        using var written = CheckpointFile.Open(_path);
        Assert.Equal(original.Entries.Select(entry => entry.Name), written.Entries.Select(entry => entry.Name));
        foreach (var (tensor, expected) in Fixtures.Tensors(name))
        {
            using var read = written.Read(tensor);
            Assert.Equal(expected.Shape, read.shape);
            Assert.Equal(expected.ScalarType, read.dtype);
            Assert.True(expected.Bytes.AsSpan().SequenceEqual(Fixtures.Bytes(read)), tensor);
        }
    }

    [PyTorchTheory]
    [InlineData("types.pth")]
    [InlineData("views.pth")]
    public void Save_AnyDictionary_IsTheSameInPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        using var original = CheckpointFile.Open(Fixtures.At(name));
        PyTorchFile.Save(_path, original.ReadAll());

        var program = $"""
            import torch
            a, b = torch.load({Quoted(Fixtures.At(name))}), torch.load({Quoted(_path)}, weights_only=True)
            assert list(a) == list(b), (list(a), list(b))
            for k in a: assert a[k].dtype == b[k].dtype and torch.equal(a[k], b[k]), k
            print(len(b))
            """;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd());
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, error);
        Assert.Equal(original.Entries.Count, int.Parse(output));
    }

    [Fact]
    public void Save_ATensor_WritesTheRecordsOfTorchSave()
    {
        using var value = tensor((float[])[1, -2]);

        PyTorchFile.Save(_path, [KeyValuePair.Create("a", value)]);

        using var archive = ZipFile.OpenRead(_path);
        Assert.Equal(["archive/data.pkl", "archive/data/0", "archive/version"], archive.Entries.Select(entry => entry.FullName));
        using var pickle = new StreamReader(archive.Entries[0].Open(), Encoding.Latin1);
        Assert.Contains("ctorch._utils\n_rebuild_tensor_v2\n", pickle.ReadToEnd());
        Assert.Equal(8, archive.Entries[1].CompressedLength);
    }

    [Fact]
    public void Save_ANameTwice_Throws()
    {
        using var value = zeros(1);

        var error = Assert.Throws<ArgumentException>(() => PyTorchFile.Save(_path, [KeyValuePair.Create("a", value), KeyValuePair.Create("a", value)]));

        Assert.Contains("\"a\" is there twice", error.Message);
        Assert.False(File.Exists(_path));
    }

    public void Dispose() => File.Delete(_path);

    private static string Quoted(string path) => $"r'{path}'";

    /// <summary>Needs Debian's python3-torch; the other tests of this class need nothing.</summary>
    private sealed class PyTorchTheoryAttribute : TheoryAttribute
    {
        public PyTorchTheoryAttribute()
        {
            if (!Directory.Exists("/usr/lib/python3/dist-packages/torch"))
                Skip = $"{Python} has no PyTorch here.";
        }
    }
}
