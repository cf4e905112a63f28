using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>How a <see cref="FocalLoss"/> is computed.</summary>
public sealed record FocalLossOptions
{
    /// <summary>2, the value Lin et al. found best.</summary>
    public const double DefaultGamma = 2;

    /// <summary>The detector of the paper and torchvision's <c>sigmoid_focal_loss</c>: a sigmoid for each class, γ = 2, α = 0.25.</summary>
    public static FocalLossOptions RetinaNet { get; } = new() { Activation = ScoreActivation.Sigmoid, Alpha = 0.25 };

    /// <summary>
    /// What turns scores into probabilities; softmax by default. Sigmoid, and probabilities that are there already, make of each class a
    /// question of yes or no.
    /// </summary>
    public ScoreActivation Activation { get; init; }

    /// <summary>γ, how much pixels that are right already are left alone; 2 by default, 0 for the cross-entropy.</summary>
    public double Gamma { get; init => field = SegmentationChecks.NotNegative(value); } = DefaultGamma;

    /// <summary>
    /// α in [0, 1]: with a sigmoid the weight of what is in a mask, against 1 − α of what is not; with a softmax the weight of every class but class
    /// 0, which has 1 − α, as in MONAI. Null, the default, for 1.
    /// </summary>
    public double? Alpha { get; init => field = CheckAlpha(value); }

    /// <summary>Pixels with this label, or this value of a mask, count for nothing; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = SegmentationInput.DefaultIgnoreIndex;

    /// <summary>A weight for each class; null, the default, for 1. The mean does not divide by them, as in MONAI.</summary>
    public IReadOnlyList<double>? ClassWeights { get; init => field = SegmentationChecks.Weights(value); }

    /// <summary>
    /// The mean over the pixels that count with a softmax, over the elements of their masks with a sigmoid; without a reduction [N, d1, ...] and
    /// [N, C, d1, ...]. The mean is NaN where nothing counts, as in PyTorch's cross-entropy.
    /// </summary>
    public nn.Reduction Reduction { get; init; } = nn.Reduction.Mean;

    private static double? CheckAlpha(double? value) =>
        value is null or (>= 0 and <= 1) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a weight between 0 and 1.");
}
