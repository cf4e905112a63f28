using DeepTricks.Data;
using DeepTricks.Tests.Data;
using DistillationSample;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Samples;

/// <summary>The sample of distillation, at a size that shows no more than that it works.</summary>
// The experiment sets the number of threads of the process.
[Collection(ProcessWide.Name)]
public sealed class DistillationSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_FewImages_WritesAReport()
    {
        var report = Path.Combine(_folder, "report.html");
        Write("train", 120);
        Write("t10k", 30);

        var code = Sample.Run([
            "--data", _folder, "--seeds", "1", "--images", "60", "--epochs", "1", "--teacher-epochs", "1", "--omitted-epochs", "1", "--workers", "2", "--report", report]);

        Assert.Equal(0, code);
        var html = File.ReadAllText(report);
        Assert.All(Arm.All, arm => Assert.Contains(arm.Name, html));
        Assert.Contains("bias corrected", html);
    }

    [Theory]
    [InlineData("--seeds", "0")]
    [InlineData("--what", "else")]
    public void Run_ArgumentsThatMakeNoSense_SaysSo(string name, string value) => Assert.Equal(2, Sample.Run([name, value]));

    [Fact]
    public void Move_MovesByUpToTwoPixels()
    {
        using var scope = NewDisposeScope();
        var image = zeros(40, 1, 28, 28);
        image[.., 0, 14, 14] = 1;
        var random = Enumerable.Range(0, 40).Select(i => new SampleRandom(1, 0, i)).ToList();

        var places = Jitter.Move(image, null, random).Input.nonzero();

        Assert.Equal(40, places.shape[0]);
        Assert.Equal((12, 16), (places[.., 2].min().item<long>(), places[.., 2].max().item<long>()));
        Assert.Equal((12, 16), (places[.., 3].min().item<long>(), places[.., 3].max().item<long>()));
    }

    private void Write(string split, int count)
    {
        byte[] pixels = [.. Enumerable.Range(0, count * 784).Select(i => (byte)i)];
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];
        File.WriteAllBytes(Path.Combine(_folder, $"{split}-images-idx3-ubyte.gz"), IdxFileTests.Gzip(IdxFileTests.Idx(0x08, [count, 28, 28], pixels)));
        File.WriteAllBytes(Path.Combine(_folder, $"{split}-labels-idx1-ubyte.gz"), IdxFileTests.Gzip(IdxFileTests.Idx(0x08, [count], labels)));
    }
}
