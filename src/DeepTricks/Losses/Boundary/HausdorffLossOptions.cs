using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>How a <see cref="HausdorffLoss"/> is computed; by default as MONAI's HausdorffDTLoss computes it over a softmax.</summary>
public sealed record HausdorffLossOptions : DistanceLossOptions
{
    /// <summary>α, what distances are raised to; 2 by default, as in the paper and in MONAI. The larger, the more the worst pixel counts.</summary>
    public double Exponent { get; init => field = SegmentationChecks.Positive(value); } = 2;

    /// <summary>The mean over samples and classes by default; without a reduction [N, C] of the classes that count.</summary>
    public nn.Reduction Reduction { get; init; } = nn.Reduction.Mean;
}
