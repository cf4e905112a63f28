using DeepTricks.Interpretability;
using DeepTricks.Kernels;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability.Dimension;

public sealed class TwoNNTests
{
    private static readonly GoldenFile Cases = GoldenFile.Read("interpretability/dimension.json");

    public static IEnumerable<object[]> Names => Cases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Estimate_EqualsTheAuthors(string name)
    {
        using var scope = NewDisposeScope();
        var one = Cases[name];
        var points = Points.Of(one);

        var estimate = TwoNN.Estimate(points);

        AssertClose(one.Number("authors"), estimate.Dimension);
        AssertClose(one.Number("correlation"), estimate.Correlation);
        Assert.Equal(one.Integer("used"), estimate.Points);
        Assert.Equal(one.Integers("shape")[0], estimate.Points + estimate.Duplicates + estimate.Ties);
        AssertClose(one.Number("authors_half"), TwoNN.Estimate(points, new() { Discard = 0.5 }).Fit);
        AssertClose(one.Number("block"), TwoNN.Blocks(points, [1])[0].Mean);
    }

    [Theory]
    [InlineData("two-gaussians")]
    [InlineData("double-well")]
    [InlineData("small-variance")]
    [InlineData("noise")]
    [InlineData("noise-wide")]
    [InlineData("swiss-roll")]
    public void Estimate_EqualsScikitDimensionAndDadapy(string name)
    {
        using var scope = NewDisposeScope();
        var one = Cases[name];
        var neighbors = NearestNeighbors.Find(Points.Of(one));

        AssertClose(one.Number("scikit_dimension"), TwoNN.Estimate(neighbors, TwoNNOptions.ScikitDimension).Dimension, 1e-7);
        AssertClose(one.Number("scikit_dimension_twentieth"), TwoNN.Estimate(neighbors, TwoNNOptions.ScikitDimension with { Discard = 0.05 }).Dimension, 1e-7);
        AssertClose(one.Number("dadapy"), TwoNN.Estimate(neighbors, TwoNNOptions.ScikitDimension).Dimension, 1e-6);
        AssertClose(one.Number("dadapy_likelihood"), TwoNN.Estimate(neighbors, TwoNNOptions.DadapyLikelihood).Dimension);
    }

    [Theory]
    [InlineData("plane", 2)]
    [InlineData("plane", 5)]
    [InlineData("sphere", 2)]
    [InlineData("sphere", 5)]
    [InlineData("gaussian", 2)]
    [InlineData("gaussian", 5)]
    [InlineData("swiss roll", 2)]
    [InlineData("swiss roll", 5)]
    public void Estimate_KnownDimension_IsWithinFivePerCent(string manifold, int dimension)
    {
        using var scope = NewDisposeScope();
        // At an edge a point has fewer neighbours than it should, and in five dimensions most points are near one.
        var count = dimension == 2 ? 3000 : 20_000;
        var points = manifold switch
        {
            "plane" => Points.Plane(count, dimension, features: 20),
            "sphere" => Points.Sphere(count, dimension),
            "gaussian" => Points.Gaussian(count, dimension),
            _ => Points.RolledUp(count, dimension),
        };

        var estimate = TwoNN.Estimate(points);

        Assert.InRange(estimate.Fit, 0.95 * dimension, 1.05 * dimension);
        Assert.InRange(estimate.MaximumLikelihood, 0.95 * dimension, 1.05 * dimension);
    }

    [Fact]
    public void Estimate_SamplesOfTheModel_IntervalHoldsTheTruthAsOftenAsItSays()
    {
        const double truth = 7;
        const int trials = 400;
        var random = new Random(1);
        foreach (var discard in (double[])[0, 0.1, 0.5])
        {
            var held = 0;
            for (var trial = 0; trial < trials; trial++)
            {
                var second = Enumerable.Range(0, 60).Select(_ => Math.Pow(1 - random.NextDouble(), -1 / truth)).ToArray();
                var estimate = TwoNN.Estimate(Enumerable.Repeat(1.0, second.Length).ToArray(), second, new() { Discard = discard, Confidence = 0.9 });
                if (estimate.Lower <= truth && truth <= estimate.Upper) held++;
            }

            // Three standard deviations of a share of 400.
            Assert.InRange((double)held / trials, 0.855, 0.945);
        }
    }

    [Fact]
    public void Estimate_Duplicates_FollowThePolicy()
    {
        using var scope = NewDisposeScope();
        var points = Points.Of(Cases["duplicates"]);

        var dropped = TwoNN.Estimate(points);
        var merged = TwoNN.Estimate(points, new() { ZeroDistances = ZeroDistances.Merge });

        Assert.Equal((21 + (400 - 367 - 21), 400), (dropped.Duplicates + dropped.Ties, dropped.Points + dropped.Duplicates + dropped.Ties));
        Assert.Equal((11, 389), (merged.Duplicates, merged.Points));
        var distinct = cat([points[..20], points[31..]]);
        Assert.Equal(TwoNN.Estimate(distinct).Dimension, merged.Dimension, 1e-12);
        Assert.Throws<ArgumentException>(() => TwoNN.Estimate(points, new() { ZeroDistances = ZeroDistances.Refuse }));
    }

    [Fact]
    public void Resample_EqualsTheEstimateOfEachPart()
    {
        using var scope = NewDisposeScope();
        var points = Points.Of(Cases["swiss-roll"]);
        var part = new ResampleOptions { Count = 3, Seed = 5 };

        var expected = Parts(1000, 900, 3, 5).Select(indices => TwoNN.Estimate(points.index_select(0, tensor(indices))).Dimension).ToList();

        Assert.All(expected.Zip(TwoNN.Resample(points, part).Values), pair => AssertClose(pair.First, pair.Second));
        // With two neighbours kept, a fifth of the points must be searched directly.
        Assert.All(expected.Zip(TwoNN.Resample(points, part with { Neighbors = new() }).Values), pair => AssertClose(pair.First, pair.Second));
    }

    [Fact]
    public void Blocks_MoreOfThem_SeeACoarserScale()
    {
        using var scope = NewDisposeScope();
        // A sheet with noise: from near it is thick.
        var points = cat([Golden.Tensor("sheet", [3000, 2], 10), Golden.Tensor("noise", [3000, 1], 0.15)], 1);

        var blocks = TwoNN.Blocks(points, [1, 4, 20], seed: 3);

        Assert.Equal([3000, 750, 150], blocks.Select(block => block.PointsPerBlock));
        Assert.True(blocks[0].Mean > blocks[1].Mean && blocks[1].Mean > blocks[2].Mean);
        Assert.True(blocks[0].Scale < blocks[1].Scale && blocks[1].Scale < blocks[2].Scale);
        Assert.Equal(0, blocks[0].StandardDeviation);
    }

    [Theory]
    [InlineData(0.5, 0.3, 0.07423593091627269)]
    [InlineData(2, 0.025, 0.24220927854396496)]
    [InlineData(90, 0.025, 72.37062813110597)]
    [InlineData(90, 0.975, 109.52215839375643)]
    [InlineData(45000, 0.025, 44585.17681475437)]
    [InlineData(45000, 0.975, 45416.71748809943)]
    public void Quantile_OfGamma_EqualsScipy(double shape, double probability, double expected) =>
        AssertClose(expected, GammaDistribution.Quantile(shape, probability), 1e-10);

    [Fact]
    public void Estimate_BadPoints_AreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => TwoNN.Estimate(zeros(5)));
        Assert.Throws<ArgumentException>(() => TwoNN.Estimate(zeros(2, 5)));
        Assert.Throws<ArgumentException>(() => TwoNN.Estimate(zeros(5, 0)));
        Assert.Throws<ArgumentException>(() => TwoNN.Estimate(zeros([5, 3], ScalarType.Int64)));
        Assert.Throws<ArgumentException>(() => TwoNN.Estimate(full([5, 3], double.NaN)));
        Assert.Throws<ArgumentException>(() => TwoNN.Estimate(full([5, 3], double.PositiveInfinity)));
        Assert.Throws<TooFewPointsException>(() => TwoNN.Estimate(ones(5, 3)));
        Assert.Throws<ArgumentException>(() => TwoNN.Estimate([1.0, 2], [1.0]));
        Assert.Throws<ArgumentException>(() => TwoNN.Estimate([1.0, 2, 3], [2.0, 1, 4]));
        Assert.Throws<ArgumentException>(() => TwoNN.Blocks(rand(10, 2), [4]));
        Assert.Throws<ArgumentException>(() => TwoNN.Resample(rand(10, 2), new() { Fraction = 0.1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoNNOptions { Discard = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResampleOptions { Fraction = 0 });
    }

    /// <summary>The parts that a seed draws.</summary>
    private static IEnumerable<long[]> Parts(int count, int part, int parts, int seed)
    {
        var random = new Random(seed);
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = 0; i < parts; i++)
        {
            random.Shuffle(order);
            yield return [.. order.Take(part).Select(index => (long)index)];
        }
    }

    private static void AssertClose(double expected, double actual, double relative = 1e-9) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Abs(expected), $"{actual:R} came, and {expected:R} was expected.");
}
