using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection.Pooling;

/// <summary>RoIAlign against torchvision's: sizes, scales, samples, alignment, boxes outside the map, of no size and of negative size.</summary>
public sealed class RoiAlignTests
{
    private static readonly GoldenFile File = GoldenFile.Read("detection/roi-align.json");

    public static IEnumerable<object[]> Names => File.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Compute_AsTorchvision_GivesItsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var (features, regions, options) = Read(one);

        var pooled = RoiAlign.Compute(features, regions, options);

        Assert.Equal(features.dtype, pooled.dtype);
        if (features.dtype is ScalarType.Float16 or ScalarType.BFloat16)
        {
            var coarse = features.dtype == ScalarType.Float16 ? 1e-3 : 1e-2;
            one.AssertEqual("out", pooled.to(ScalarType.Float32), coarse, coarse);
        }
        else
        {
            one.AssertEqual("out", pooled, 1e-5, 1e-5);
            one.AssertGradients("gradients", pooled, [features], 1e-4, 1e-5);
        }
    }

    internal static (Tensor Features, Tensor Regions, RoiAlignOptions Options) Read(GoldenCase one)
    {
        var dtype = Given.Dtype(one);
        var bins = one.Integers("bins");
        return (Golden.Tensor($"align.{one.Name}", one.Integers("shape"), dtype: dtype).requires_grad_(), Given.Rows(one, "regions", 5, dtype),
            new((int)bins[0], (int)bins[1]) { SpatialScale = one.Number("scale"), SamplingRatio = (int)one.Integer("sampling"), Aligned = one.Flag("aligned") });
    }
}
