using DeepTricks.Interpretability;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability.Dimension;

public sealed class PrincipalSpectrumTests
{
    private static readonly GoldenFile Cases = GoldenFile.Read("interpretability/dimension.json");

    public static IEnumerable<object[]> Names => Cases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_EqualsScikitLearn_AndTheAuthorsCount(string name)
    {
        using var scope = NewDisposeScope();
        var one = Cases[name];

        var spectrum = PrincipalSpectrum.Of(Points.Of(one));

        var expected = one.Numbers("variances");
        var relative = one.Text("dtype") == "float32" ? 1e-4 : 1e-9;
        for (var i = 0; i < Math.Min(expected.Length, spectrum.Variances.Count); i++)
            Assert.Equal(1, spectrum.Variances[i] / expected[i], relative);
        Assert.Equal(one.Integer("pc_id"), spectrum.Dimension(PrincipalDimensionOptions.Authors));
        Assert.Equal(one.Integer("pc_id") + 1, spectrum.Dimension());
        Assert.Equal(1, spectrum.Parts.Sum(), 1e-9);
    }

    [Fact]
    public void Of_WithoutStandardizing_KeepsTheUnits()
    {
        using var scope = NewDisposeScope();
        var points = Golden.Tensor("points", [50, 4], dtype: ScalarType.Float64) * tensor(new[] { 100.0, 1, 1, 1 });
        var spectrum = PrincipalSpectrum.Of(points, standardize: false);
        Assert.Equal(1, spectrum.Dimension());
        Assert.Equal(points.var(0L).sum().item<double>(), spectrum.Variances.Sum(), 1e-8);
    }

    [Fact]
    public void Of_ConstantFeatures_CountForNothing()
    {
        using var scope = NewDisposeScope();
        var points = Golden.Tensor("points", [50, 4]);
        var wider = cat([points, full([50, 2], 0.1)], 1);
        Assert.Equal(PrincipalSpectrum.Of(points).Dimension(), PrincipalSpectrum.Of(wider).Dimension());
        Assert.Equal(0, PrincipalSpectrum.Of(ones(5, 3)).Dimension());
    }

    [Fact]
    public void Of_BadPoints_AreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => PrincipalSpectrum.Of(zeros(1, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrincipalDimensionOptions { Variance = 1 });
    }
}
