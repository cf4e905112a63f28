using System.Text.Json;
using DeepTricks.Benchmarks.Measuring;

namespace DeepTricks.Tests.Benchmarks;

public class AreaReportTests
{
    private static readonly CaseResult Result = new(
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
        Assert.Equal([0.004, 0.005, 0.003], first.GetProperty("peerRounds").EnumerateArray().Select(round => round.GetProperty("wall").GetDouble()));
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
