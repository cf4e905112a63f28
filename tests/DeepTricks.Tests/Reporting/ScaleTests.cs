using DeepTricks.Reporting;

namespace DeepTricks.Tests.Reporting;

public sealed class ScaleTests
{
    private static readonly Axis Linear = new("x");
    private static readonly Axis Logarithmic = new("x") { Logarithmic = true };

    [Theory]
    [InlineData(0, 1, 5, "0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 100, 5, "0 20 40 60 80 100")]
    [InlineData(-3, 7, 4, "0 5")]
    [InlineData(0.2, 0.3, 5, "0.20 0.22 0.24 0.26 0.28 0.30")]
    [InlineData(0, 20000, 4, "0 5k 10k 15k 20k")]
    [InlineData(0, 2e6, 4, "0 0.5M 1.0M 1.5M 2.0M")]
    [InlineData(0, 2e-4, 4, "0 5×10⁻⁵ 10⁻⁴ 1.5×10⁻⁴ 2×10⁻⁴")]
    [InlineData(-2, -1, 2, "−2.0 −1.5 −1.0")]
    public void Ticks_LinearRange_AreOneTwoFiveMultiples(double low, double high, int most, string labels)
        => Assert.Equal(labels, Labels(Scale.Over(Linear, [low, high], pad: false).Ticks(most)));

    [Theory]
    [InlineData(1, 1000, 5, "1 10 100 1000")]
    [InlineData(1, 100, 9, "1 2 5 10 20 50 100")]
    [InlineData(1e-6, 1e-2, 5, "10⁻⁶ 10⁻⁵ 10⁻⁴ 10⁻³ 10⁻²")]
    [InlineData(1e-12, 1, 5, "10⁻¹² 10⁻⁹ 10⁻⁶ 10⁻³ 10⁰")]
    [InlineData(2, 6, 4, "2 3 4 5 6")]
    public void Ticks_LogarithmicRange_AreRound(double low, double high, int most, string labels)
        => Assert.Equal(labels, Labels(Scale.Over(Logarithmic, [low, high], pad: false).Ticks(most)));

    [Fact]
    public void Ticks_WholeNumbers_HaveNoFractions()
        => Assert.Equal("1 2 3", Labels(Scale.Over(Linear, [1, 2, 3], pad: false, whole: true).Ticks(10)));

    [Fact]
    public void Over_ValuesThatAreNotFinite_AreLeftOut()
    {
        var scale = Scale.Over(Linear, [double.NaN, 3, double.PositiveInfinity, 5, double.NegativeInfinity], pad: false);

        Assert.Equal((3, 5), (scale.Low, scale.High));
    }

    [Fact]
    public void Over_LogarithmicAxis_LeavesOutZeroAndLess()
    {
        var scale = Scale.Over(Logarithmic, [-1, 0, 0.1, 10], pad: false);

        Assert.Equal((0.1, 10), (scale.Low, scale.High));
        Assert.Equal(50, scale.Place(1, 0, 100), 10);
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { double.NaN })]
    [InlineData(new[] { 5.0, 5.0 })]
    [InlineData(new[] { 0.0 })]
    [InlineData(new[] { 1e16, 1e16 + 2 })]
    [InlineData(new[] { -1e300, 1e300 })]
    [InlineData(new[] { 0, double.Epsilon })]
    [InlineData(new[] { double.MaxValue, 1.0 })]
    public void Over_HardRanges_GiveFinitePlacesAndFewTicks(double[] values)
    {
        foreach (var axis in (Axis[])[Linear, Logarithmic, new("x") { Minimum = 1e17 }, new("x") { Maximum = -1e17 }, new("x") { Minimum = 1e16, Maximum = 1e16 + 4 }])
        {
            var scale = Scale.Over(axis, values, pad: true);

            Assert.True(scale.Low < scale.High, $"{scale.Low} to {scale.High}");
            Assert.True(double.IsFinite(scale.Place(scale.High, 0, 100)));
            Assert.InRange(scale.Ticks(6).Length, 0, 20);
        }
    }

    [Fact]
    public void Over_FixedLimits_AreKept()
    {
        var scale = Scale.Over(new Axis("p") { Minimum = 0, Maximum = 1 }, [0.4, 7], pad: true);

        Assert.Equal((0, 1), (scale.Low, scale.High));
    }

    private static string Labels((double Value, string Label)[] ticks) => string.Join(' ', ticks.Select(tick => tick.Label));
}
