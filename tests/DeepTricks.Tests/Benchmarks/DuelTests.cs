using DeepTricks.Benchmarks.Measuring;

namespace DeepTricks.Tests.Benchmarks;

public class DuelTests
{
    private static readonly Duel Quick = new(Rounds: 7, RoundSeconds: 0.2, WarmUpSeconds: 2, Pause: 0);

    [Fact]
    public void Measure_TwoSides_AlternatesAndChangesWhoIsFirst()
    {
        var log = new List<string>();
        Quick.Measure("case", new FakeSide("ours", 0.001, 1, log), new FakeSide("peer", 0.001, 1, log));

        var rounds = log[^14..].Select(entry => entry.Split(' ')[0]);
        Assert.Equal(["ours", "peer", "peer", "ours", "ours", "peer", "peer", "ours", "ours", "peer", "peer", "ours", "ours", "peer"], rounds);
    }

    [Fact]
    public void Measure_SideThatTakesAMillisecond_GetsRoundsOfAFifthOfASecond()
    {
        var log = new List<string>();
        Quick.Measure("case", new FakeSide("ours", 0.001, 1, log), new FakeSide("peer", 0.01, 1, log));

        Assert.Equal("ours 200", log[^14]);
        Assert.Equal("peer 20", log[^13]);
    }

    [Fact]
    public void Measure_KnownTimes_GivesSecondsOfOneRunAndTheirRatio()
    {
        var result = Quick.Measure("case", new FakeSide("ours", 0.001, 1, []), new FakeSide("peer", 0.004, 1, []));

        Assert.Equal(7, result.OurSamples.Count);
        Assert.Equal(7, result.PeerSamples.Count);
        Assert.Equal(0.001, result.Ours.Median, 1e-12);
        Assert.Equal(0.25, result.Ratio, 1e-9);
    }

    [Fact]
    public void MeasureMemory_KnownPeaks_GivesBytesAndTheirRatio()
    {
        var result = Duel.MeasureMemory("case", new FakeSide("ours", 0.001, 1, []), new FakeSide("peer", 0.004, 1, []));

        Assert.Equal("case-memory", result.Name);
        Assert.Equal(SampleUnit.Bytes, result.Unit);
        Assert.Equal(1000, result.Ours.Median);
        Assert.Equal(0.25, result.Ratio);
    }

    [Theory]
    [InlineData(1, 1.01)]
    [InlineData(1, double.NaN)]
    public void Measure_SidesThatComputeDifferentThings_Throws(double ours, double peer)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Quick.Measure("case", new FakeSide("ours", 1, ours, []), new FakeSide("peer", 1, peer, [])));

        Assert.Contains("case", error.Message);
    }

    private sealed class FakeSide(string name, double seconds, double check, List<string> log) : ISide
    {
        public double SetUp(string caseName) => check;

        public Round Run(long runs)
        {
            log.Add($"{name} {runs}");
            return new(runs * seconds, runs * seconds);
        }

        public double Peak() => seconds * 1e6;
    }
}
