using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection.Pooling;

/// <summary>The other poolings of regions against torchvision's, and the turned one against detectron2's.</summary>
public sealed class RegionPoolingTests
{
    private static readonly GoldenFile Pool = GoldenFile.Read("detection/roi-pool.json");
    private static readonly GoldenFile Sensitive = GoldenFile.Read("detection/position-sensitive.json");
    private static readonly GoldenFile Rotated = GoldenFile.Read("detection/rotated.json");

    public static IEnumerable<object[]> PoolNames => Pool.Names;

    public static IEnumerable<object[]> SensitiveNames => Sensitive.Names;

    public static IEnumerable<object[]> RotatedNames => Rotated.Names;

    [Theory]
    [MemberData(nameof(PoolNames))]
    public void RoiPool_AsTorchvision_GivesItsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        var one = Pool[name];
        var features = Features(one, $"pool.{name}");
        using var pool = new RoiPool(new((int)one.Integers("bins")[0], (int)one.Integers("bins")[1]) { SpatialScale = one.Number("scale") });

        AssertSame(one, pool.call(features, Given.Rows(one, "regions", 5, features.dtype)), features);
    }

    [Theory]
    [MemberData(nameof(SensitiveNames))]
    public void PositionSensitive_AsTorchvision_GivesItsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        var one = Sensitive[name];
        var features = Features(one, $"ps.{name.Split('-')[1]}");
        var regions = Given.Rows(one, "regions", 5, features.dtype);
        var (bins, scale) = (one.Integers("bins"), one.Number("scale"));
        using var align = new PositionSensitiveRoiAlign(new((int)bins[0], (int)bins[1]) { SpatialScale = scale, SamplingRatio = (int)one.Integer("sampling") });
        using var pool = new PositionSensitiveRoiPool(new((int)bins[0], (int)bins[1]) { SpatialScale = scale });

        AssertSame(one, one.Text("kind") == "align" ? align.call(features, regions) : pool.call(features, regions), features);
    }

    [Theory]
    [MemberData(nameof(RotatedNames))]
    public void RotatedRoiAlign_AsDetectron2_GivesItsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        var one = Rotated[name];
        var features = Features(one, $"rotated.{name}");
        using var align = new RotatedRoiAlign(new((int)one.Integers("bins")[0], (int)one.Integers("bins")[1]) { SpatialScale = one.Number("scale"), SamplingRatio = (int)one.Integer("sampling") });

        AssertSame(one, align.call(features, Given.Rows(one, "regions", 6, features.dtype)), features);
    }

    [Fact]
    public void RotatedRoiAlign_NotTurned_IsTheAlignedOne()
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("rotated.upright", [1, 4, 12, 14]);
        var options = new RoiAlignOptions(3) { SpatialScale = 0.5, SamplingRatio = 2, Aligned = true };

        var turned = RotatedRoiAlign.Compute(features, tensor(new float[,] { { 0, 12, 10, 8, 6, 0 } }), options);

        Assert.True(turned.allclose(RoiAlign.Compute(features, tensor(new float[,] { { 0, 8, 7, 16, 13 } }), options), atol: 1e-6));
    }

    private static Tensor Features(GoldenCase one, string name) => Golden.Tensor(name, one.Integers("shape"), dtype: Given.Dtype(one)).requires_grad_();

    private static void AssertSame(GoldenCase one, Tensor pooled, Tensor features)
    {
        one.AssertEqual("out", pooled, 1e-5, 1e-5);
        if (one.Has("gradients"))
        {
            one.AssertGradients("gradients", pooled, [features], 1e-4, 1e-5);
        }
    }
}
