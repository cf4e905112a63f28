using DeepTricks.Reporting;

namespace DeepTricks.Tests.Reporting;

public sealed class SeriesTests
{
    [Fact]
    public void Constructor_NoPoints_NamesTheSeries()
        => Assert.Contains("\"Baseline\" is empty", Assert.Throws<ArgumentException>(() => new Series("Baseline", [], [])).Message);

    [Fact]
    public void Constructor_LengthsDiffer_SaysBoth()
        => Assert.Contains("2 places and 1 values", Assert.Throws<ArgumentException>(() => new Series("a", [1, 2], [1])).Message);

    [Fact]
    public void Constructor_CallerChangesItsArray_SeriesStays()
    {
        double[] y = [1, 2];
        var series = new Series("a", [1, 2], y);

        y[0] = 99;

        Assert.Equal(1, series.Y[0]);
    }

    [Fact]
    public void OfRuns_TwoRuns_HasMeanAndSampleDeviation()
    {
        var series = Series.OfRuns("a", [1, 2], [[1, 10], [3, 10]]);

        Assert.Equal([2.0, 10], series.Y);
        Assert.Equal([2 - Math.Sqrt(2), 10], series.Lower!);
        Assert.Equal([2 + Math.Sqrt(2), 10], series.Upper!);
    }

    [Fact]
    public void OfRuns_MinimumToMaximum_SpansAllRuns()
    {
        var series = Series.OfRuns("a", [1], [[1], [2], [6]], Spread.MinimumToMaximum);

        Assert.Equal((3, 1, 6), (series.Y[0], series.Lower![0], series.Upper![0]));
    }

    [Fact]
    public void OfRuns_OneRunFailed_LeavesAGap()
    {
        var series = Series.OfRuns("a", [1, 2], [[1, 1], [1, double.NaN]]);

        Assert.Equal([1, double.NaN], series.Y);
    }

    [Fact]
    public void OfRuns_SingleRun_HasNoBand() => Assert.Null(Series.OfRuns("a", [1], [[1]]).Lower);

    [Fact]
    public void OfRuns_RunTooShort_SaysBothLengths()
        => Assert.Contains("run of 1 values; expected 2", Assert.Throws<ArgumentException>(() => Series.OfRuns("a", [1, 2], [[1, 2], [1]])).Message);

    [Fact]
    public void WithBand_LowerAboveUpper_SaysWhere()
        => Assert.Contains("at index 1", Assert.Throws<ArgumentException>(() => new Series("a", [1, 2], [1, 2]).WithBand([0, 3], [1, 2])).Message);
}
