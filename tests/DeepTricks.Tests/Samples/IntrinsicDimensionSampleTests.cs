using DimensionSample;

namespace DeepTricks.Tests.Samples;

public sealed class IntrinsicDimensionSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_OneEpoch_WritesAReport()
    {
        var report = Path.Combine(_folder, "report.html");
        Assert.Equal(0, Sample.Run(["--seeds", "1", "--epochs", "1", "--images", "100", "--resamples", "2", "--no-download", "--report", report]));
        Assert.Contains("published, shuffled labels", File.ReadAllText(report));
    }

    [Theory]
    [InlineData("--seeds", "0")]
    [InlineData("--what", "else")]
    public void Run_ArgumentsThatMakeNoSense_SaysSo(string name, string value) => Assert.Equal(2, Sample.Run([name, value]));
}
