using DeepTricks.Kernels;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Kernels;

/// <summary>Against scipy.ndimage.distance_transform_edt, and the kernel against its tensor operations.</summary>
public sealed class DistanceTransformTests
{
    private static readonly GoldenFile File = GoldenFile.Read("kernels/distances.json");

    public static TheoryData<string> Cases => [.. File.Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Distances_OfAMask_EqualScipy(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[name];
        var mask = Mask(name, expected.Integers("shape"), expected.Number("inside"));
        var spacing = expected.Has("spacing") ? expected.Numbers("spacing") : [];
        var dimensions = (int)mask.dim();

        expected.AssertEqual("distances", DistanceTransform.Distances(mask, dimensions, spacing, ScalarType.Float64), 1e-13, 0);
        expected.AssertEqual("distances", DistanceTransform.InTensors(mask, Steps(spacing, dimensions)).sqrt(), 1e-13, 0);
    }

    [Fact]
    public void Squared_OfABatchOfImages_IsThatOfEachAlone()
    {
        using var scope = NewDisposeScope();
        var masks = Mask("batch", [2, 3, 70, 90], 0.97);

        var together = DistanceTransform.Squared(masks, 2);

        Assert.True(together.eq(DistanceTransform.InTensors(masks, [1, 1])).all().item<bool>());
        Assert.True(together[1, 2].eq(DistanceTransform.Squared(masks[1, 2], 2)).all().item<bool>());
        Assert.True(together.eq(together.round()).all().item<bool>(), "squared distances on a unit grid are whole numbers");
    }

    [Fact]
    public void Distances_WithoutBackground_AreInfinite()
    {
        using var scope = NewDisposeScope();
        Assert.True(DistanceTransform.Distances(ones(4, 5, dtype: ScalarType.Bool), 2).isposinf().all().item<bool>());
        Assert.True(DistanceTransform.InTensors(ones(4, 5, dtype: ScalarType.Bool), [1, 1]).isposinf().all().item<bool>());
        Assert.Equal(0, DistanceTransform.Distances(zeros(4, 5, dtype: ScalarType.Bool), 2).sum().item<float>());
        Assert.Equal([0, 5], DistanceTransform.Distances(zeros(0, 5, dtype: ScalarType.Bool), 2).shape);
    }

    [Fact]
    public void Distances_OfWhatIsNoMask_Throws()
    {
        using var scope = NewDisposeScope();
        var mask = ones(4, 5, dtype: ScalarType.Bool);
        Assert.Contains("Float32", Assert.Throws<ArgumentException>("mask", () => DistanceTransform.Squared(ones(4, 5), 2)).Message);
        Assert.Contains("[4, 5]", Assert.Throws<ArgumentException>("mask", () => DistanceTransform.Squared(mask, 3)).Message);
        Assert.Throws<ArgumentException>("spacing", () => DistanceTransform.Squared(mask, 2, [1]));
        Assert.Throws<ArgumentException>("spacing", () => DistanceTransform.Squared(mask, 2, [1, 0]));
    }

    private static Tensor Mask(string name, long[] shape, double inside) =>
        Golden.Tensor($"distances.{name}", shape, dtype: ScalarType.Float64) < (2 * inside) - 1;

    private static double[] Steps(double[] spacing, int dimensions) => spacing.Length > 0 ? spacing : [.. Enumerable.Repeat(1.0, dimensions)];
}
