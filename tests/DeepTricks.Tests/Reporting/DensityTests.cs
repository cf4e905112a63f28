using DeepTricks.Reporting;

namespace DeepTricks.Tests.Reporting;

public sealed class DensityTests
{
    private static readonly double[] Confidences = [.. Enumerable.Range(0, 500).Select(i => 1 - Math.Pow((i + 0.5) / 500, 3)).Order()];

    [Fact]
    public void Kernel_MassAtTheBoundary_HasAreaOne()
    {
        var heights = Density.Kernel(Confidences, 0, 1, bandwidth: null);

        Assert.Equal(1, heights.Average(), 9);
    }

    [Fact]
    public void Kernel_GivenBandwidth_EqualsTheSumOfReflectedGaussians()
    {
        const double Bandwidth = 0.05;
        var heights = Density.Kernel(Confidences, 0, 1, Bandwidth);

        foreach (var cell in (int[])[0, 100, 200, 300, 399])
        {
            var x = (cell + 0.5) / 400;
            var expected = Confidences.Average(value => Gauss(x - value) + Gauss(x + value) + Gauss(2 - x - value));
            Assert.Equal(expected, heights[cell], 0.002 * expected + 0.001);
        }

        static double Gauss(double distance) => Math.Exp(-0.5 * distance * distance / (Bandwidth * Bandwidth)) / (Bandwidth * Math.Sqrt(2 * Math.PI));
    }

    [Fact]
    public void Kernel_AllValuesEqual_GivesANarrowFinitePeak()
    {
        var heights = Density.Kernel([1, 1, 1], 0, 1, bandwidth: null);

        Assert.All(heights, height => Assert.True(double.IsFinite(height)));
        Assert.Equal(399, Array.IndexOf(heights, heights.Max()));
    }

    [Fact]
    public void Histogram_ValuesAtBothEnds_CountsEachOnce()
        => Assert.Equal([1.0, 0, 0, 3], Density.Histogram([0, 0.75, 0.9, 1], 0, 1, 4));

    [Fact]
    public void Quantile_FourValues_InterpolatesLikeNumPy()
        => Assert.Equal((1.75, 2.5, 4), (Density.Quantile([1, 2, 3, 4], 0.25), Density.Quantile([1, 2, 3, 4], 0.5), Density.Quantile([1, 2, 3, 4], 1)));
}
