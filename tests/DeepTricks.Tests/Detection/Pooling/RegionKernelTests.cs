using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection.Pooling;

/// <summary>
/// The kernels against the tensor operations, which run wherever the kernels do not: channels that fill vectors and that do not, maps that
/// lie one way and the other, regions too few for a tile and many, one image and several, one that has none.
/// </summary>
public sealed class RegionKernelTests
{
    private static readonly RoiAlignOptions Fixed = new(3, 4) { SpatialScale = 0.5, SamplingRatio = 2 };

    public static TheoryData<string> Kinds => ["align", "align-adaptive", "align-maximum", "align-maximum-adaptive", "pool", "sensitive-align", "sensitive-pool", "rotated"];

    public static TheoryData<string, ScalarType, int, int, bool> Layouts
    {
        get
        {
            var data = new TheoryData<string, ScalarType, int, int, bool>();
            foreach (string kind in Kinds)
            {
                foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
                {
                    foreach (var channelsLast in (bool[])[false, true])
                    {
                        foreach (var (channels, regions) in ((int, int)[])[(1, 3), (6, 40), (70, 2), (70, 40), (128, 40), (4, 0)])
                        {
                            data.Add(kind, dtype, channels, regions, channelsLast);
                        }
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Kernel_AnyLayout_EqualsTheTensorOperationsWithGradients(string kind, ScalarType dtype, int channels, int count, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var (features, regions) = Inputs(kind, dtype, channels, count, channelsLast);
        var tolerance = dtype == ScalarType.Float32 ? 2e-5 : 1e-12;

        var kernel = Pool(kind, features, regions);
        var twin = InTensors(kind, features, regions);

        AssertClose(twin, kernel, tolerance);
        AssertClose(Golden.Gradients(twin, features)[0]!, Golden.Gradients(kernel, features)[0]!, tolerance);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Kernel_DoublePrecision_HasTheGradientOfFiniteDifferences(string kind)
    {
        using var scope = NewDisposeScope();
        var (features, regions) = Inputs(kind, ScalarType.Float64, 2, 6, false);
        var pooled = Pool(kind, features, regions);
        var cotangent = Golden.Tensor("cotangent0", pooled.shape, dtype: ScalarType.Float64);
        var gradient = autograd.grad([pooled], [features], [cotangent])[0].data<double>().ToArray();
        using var ungraded = no_grad();
        for (var i = 0; i < gradient.Length; i += 31)
        {
            const double h = 1e-6;
            double At(double change)
            {
                var moved = features.detach().clone();
                moved.view(-1)[i] += change;
                return (Pool(kind, moved, regions) * cotangent).sum().item<double>();
            }

            Assert.Equal((At(h) - At(-h)) / (2 * h), gradient[i], 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Kernel_DifferentiatedTwice_EqualsTheTensorOperations(string kind)
    {
        using var scope = NewDisposeScope();
        var (features, regions) = Inputs(kind, ScalarType.Float64, 3, 6, false);

        AssertClose(Second(InTensors), Second(Pool), 1e-10);

        Tensor Second(Func<string, Tensor, Tensor, Tensor> pool)
        {
            var first = autograd.grad([pool(kind, features * features, regions).square().sum()], [features], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.square().sum()], [features])[0];
        }
    }

    /// <summary>Against each sample looked at by hand: a map that is 10 y + x is so between its cells, and the largest sample of a bin is its last.</summary>
    [Fact]
    public void RoiAlign_Maximum_IsTheLargestSample()
    {
        using var scope = NewDisposeScope();
        var map = (arange(8, ScalarType.Float32).view(-1, 1) * 10 + arange(9, ScalarType.Float32)).view(1, 1, 8, 9);

        var pooled = RoiAlign.Compute(map, tensor(new float[,] { { 0, 1, 2, 5, 6 } }), new(2) { SamplingRatio = 2, Pooling = RoiPooling.Maximum });

        // Bins of two cells; samples half a cell and one and a half from their start.
        Assert.Equal([37.5f, 39.5f, 57.5f, 59.5f], pooled.data<float>().ToArray());
    }

    private static (Tensor Features, Tensor Regions) Inputs(string kind, ScalarType dtype, int channels, int count, bool channelsLast)
    {
        // The last image has no region. No two numbers are so near each other that rounding decides which is larger.
        var bins = kind.StartsWith("sensitive", StringComparison.Ordinal) ? 12 : 1;
        var features = Golden.Tensor($"kernel.{channels}", [3, channels * bins, 9, 11], 3, dtype: dtype);
        features = (channelsLast ? features.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : features).detach().requires_grad_();
        var centre = Golden.Tensor("kernel.centre", [count, 2], 16, 9, dtype);
        var half = Golden.Tensor("kernel.half", [count, 2], 4, 4.5, dtype);
        var image = Golden.Integers("kernel.image", 2, count, 1).to(dtype);
        return (features, kind == "rotated"
            ? cat([image, centre, half * 2, Golden.Tensor("kernel.angle", [count, 1], 180, dtype: dtype)], 1)
            : cat([image, centre - half, centre + half], 1));
    }

    private static Tensor Pool(string kind, Tensor features, Tensor regions) => kind switch
    {
        "align" => RoiAlign.Compute(features, regions, Fixed),
        "align-adaptive" => RoiAlign.Compute(features, regions, Fixed with { SamplingRatio = 0, Aligned = true }),
        "align-maximum" => RoiAlign.Compute(features, regions, Fixed with { Pooling = RoiPooling.Maximum }),
        "align-maximum-adaptive" => RoiAlign.Compute(features, regions, Fixed with { SamplingRatio = 0, Pooling = RoiPooling.Maximum }),
        "pool" => RoiPool.Compute(features, regions, new(3, 4) { SpatialScale = 0.5 }),
        "sensitive-align" => PositionSensitiveRoiAlign.Compute(features, regions, Fixed),
        "sensitive-pool" => PositionSensitiveRoiPool.Compute(features, regions, new(3, 4) { SpatialScale = 0.5 }),
        _ => RotatedRoiAlign.Compute(features, regions, Fixed),
    };

    private static Tensor InTensors(string kind, Tensor features, Tensor regions) => kind switch
    {
        "align" => SampledPooling.Align(features, regions, Fixed),
        "align-adaptive" => SampledPooling.Align(features, regions, Fixed with { SamplingRatio = 0, Aligned = true }),
        "align-maximum" => SampledPooling.Align(features, regions, Fixed with { Pooling = RoiPooling.Maximum }),
        "align-maximum-adaptive" => SampledPooling.Align(features, regions, Fixed with { SamplingRatio = 0, Pooling = RoiPooling.Maximum }),
        "pool" => RoiPool.InTensors(features, regions, new(3, 4) { SpatialScale = 0.5 }),
        "sensitive-align" => SampledPooling.AlignPositionSensitive(features, regions, Fixed with { Aligned = true }),
        "sensitive-pool" => PositionSensitive.PoolInTensors(features, regions, new(3, 4) { SpatialScale = 0.5 }),
        _ => SampledPooling.AlignRotated(features, regions, Fixed),
    };

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        if (!actual.allclose(expected, tolerance, tolerance))
        {
            Assert.Fail($"They differ by up to {(actual - expected).abs().max().to(ScalarType.Float64).item<double>()}.");
        }
    }
}
