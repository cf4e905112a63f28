using System.Runtime.Intrinsics.X86;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The precision of a search's matrix products, and what they may be wrong by.</summary>
/// <param name="Type">The type of factors and products.</param>
/// <param name="Rounding">The relative error of rounding a number to a factor.</param>
/// <param name="Product">The relative error of rounding a product when it is written.</param>
/// <param name="Sum">That of adding a number in the sum.</param>
/// <param name="Chunk">The features that are summed at a time: fewer make the error of the sum smaller.</param>
internal sealed record ProductPrecision(ScalarType Type, double Rounding, double Product, double Sum, long Chunk)
{
    private const double Brain = 1.0 / (1 << 8), TensorFloat = 1.0 / (1 << 11), Single = 1.0 / (1 << 24), Double = Single / (1 << 29);
    private const long SingleChunk = 1024, DoubleChunk = 4096;

    /// <summary>Half of single precision, summed in single and written in half. Its only chunk is the whole, for sums of rounded products would be worse.</summary>
    private static readonly ProductPrecision InBrain = new(ScalarType.BFloat16, Brain, Brain, Single, long.MaxValue);

    private static readonly ProductPrecision InSingle = new(ScalarType.Float32, Single, Single, Single, SingleChunk);

    /// <summary>As a GPU multiplies where TF32 is allowed, which cannot be asked of every device.</summary>
    private static readonly ProductPrecision InTensorFloat = InSingle with { Rounding = TensorFloat };

    private static readonly ProductPrecision InDouble = new(ScalarType.Float64, Double, Double, Double, DoubleChunk);

    private static readonly bool MultipliesBrain = X86Base.IsSupported && HasBrainProducts();

    /// <summary>The precisions to try for points on a device, the fastest first.</summary>
    internal static IReadOnlyList<ProductPrecision> For(Tensor points) =>
        points.shape[1] > points.shape[0] ? [InDouble]
        : points.device_type != DeviceType.CPU ? [InTensorFloat, InDouble]
        : MultipliesBrain ? [InBrain, InSingle, InDouble]
        : [InSingle, InDouble];

    /// <summary>The one of a type, on the CPU.</summary>
    internal static ProductPrecision Of(ScalarType type) => type switch
    {
        ScalarType.BFloat16 => InBrain,
        ScalarType.Float32 => InSingle,
        _ => InDouble,
    };

    /// <summary>
    /// The factor c for which |x|² + |y|² − 2 x·y − c |x| |y| − <see cref="ProductLoss"/> |x·y|, of the computed product, is no more than the squared distance.
    /// </summary>
    /// <param name="features">The length of the sum.</param>
    /// <param name="measured">What rounding took from the points, relative to their norms; null for what it can take at most.</param>
    internal double Slack(long features, double? measured = null)
    {
        // Centring rounds before, in single precision unless the product is in double.
        var rounding = (measured ?? Rounding) + (2 * (Type == ScalarType.Float64 ? Double : Single));
        var sum = Math.Min(features, Chunk) + (features / Math.Max(1, Math.Min(features, Chunk))) + 1;
        var length = (1 + rounding) * (1 + rounding);
        return 2 * ((rounding * (2 + rounding)) + (length * sum * Sum * 1.01));
    }

    /// <summary>See <see cref="Slack"/>. Of the product as it was written, which is no more than the rounding away from what it was.</summary>
    internal double ProductLoss => 2 * Product * (1 + Product) / (1 - Product);

    /// <summary>What is taken off of each |x|² for the roundings in the sum of the bound.</summary>
    internal double Loss => 64 * (Type == ScalarType.Float64 ? Double : Single);

    // AVX512-BF16, or AMX's products of tiles of them.
    private static bool HasBrainProducts() =>
        (X86Base.CpuId(7, 1).Eax >> 5 & 1) == 1 || (X86Base.CpuId(7, 0).Edx >> 22 & 1) == 1;
}
