using System.Text.Json;
using DeepTricks.Benchmarks.Measuring;

namespace DeepTricks.Tests.Benchmarks;

public class AreaReportTests
{
    private static readonly CaseResult Result = CaseResult.OfTimes(
        "mlp-step",
        [new(0.002, 0.004), new(0.001, 0.002), new(0.003, 0.006)],
        [new(0.004, 0.004), new(0.005, 0.005), new(0.003, 0.003)]);

    private static readonly AreaReport Report = new("training", new("a machine", 2, 1, ".NET", "Linux", DateTimeOffset.UnixEpoch, 0.5), [Result]);

    [Fact]
    public void RatioLine_Result_IsNameAndRatioOfMedians() => Assert.Equal("ratio mlp-step 0.500", AreaReport.RatioLine(Result));

    [Fact]
    public void Json_Report_HoldsEveryRoundAndTheMedians()
    {
        using var json = JsonDocument.Parse(Report.Json());
        var root = json.RootElement;
        Assert.Equal("training", root.GetProperty("area").GetString());
        Assert.Equal(2, root.GetProperty("surroundings").GetProperty("cores").GetInt32());
        var first = root.GetProperty("cases")[0];
        Assert.Equal("mlp-step", first.GetProperty("name").GetString());
        Assert.Equal(0.5, first.GetProperty("ratio").GetDouble());
        Assert.Equal(1, first.GetProperty("processorRatio").GetDouble());
        Assert.Equal(0.002, first.GetProperty("ours").GetProperty("median").GetDouble());
        Assert.Equal([0.004, 0.005, 0.003], first.GetProperty("peerSamples").EnumerateArray().Select(sample => sample.GetDouble()));
        Assert.Equal("Seconds", first.GetProperty("unit").GetString());
    }

    [Fact]
    public void Table_Memory_IsInMebibytesAndHasNoProcessorTime()
    {
        var report = Report with { Cases = [new("x-memory", SampleUnit.Bytes, [1 << 20], [1 << 22])] };

        Assert.Matches(@"^x-memory +1\.0 MiB .* 4\.0 MiB .* 0\.250 +0\.250 \.\. 0\.250 *$", report.Table().Split('\n')[1]);
    }

    [Fact]
    public void Table_Report_HasALineForTheHeadAndOneForTheCase()
    {
        var lines = Report.Table().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, lines.Length);
        Assert.Contains("2.00 ms", lines[1]);
        Assert.Contains("0.500", lines[1]);
    }
}
