using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// What the losses of overlap share. Each is 1 − score, score = (kI + s) / max(k(I + α(P − I) + β(T − I)) + s', m), where I is the soft
/// intersection, P the probability given to a class and T its true pixels, all summed over pixels that are not ignored.
/// </summary>
public abstract record OverlapLossOptions
{
    /// <summary>1e-5 on both sides of the ratio, as in MONAI.</summary>
    public const double DefaultSmoothing = 1e-5;

    /// <summary>−100, as in PyTorch.</summary>
    public const long DefaultIgnoreIndex = SegmentationInput.DefaultIgnoreIndex;

    /// <summary>What turns scores into probabilities; softmax by default.</summary>
    public ScoreActivation Activation { get; init; }

    /// <summary>Pixels with this label, or this value of a mask, count for nothing; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = DefaultIgnoreIndex;

    /// <summary>Whether class 0 counts; true by default, as in MONAI. It always does where it is the only class.</summary>
    public bool IncludeBackground { get; init; } = true;

    /// <summary>What a ratio is taken of; each class of each sample by default.</summary>
    public OverlapPooling Pooling { get; init; }

    /// <summary>What counts where the target has no pixel of a class; as computed by default.</summary>
    public EmptyTargetPolicy EmptyTargets { get; init; }

    /// <summary>s, added to the numerator.</summary>
    public double NumeratorSmoothing { get; init => field = SegmentationChecks.NotNegative(value); } = DefaultSmoothing;

    /// <summary>s', added to the denominator.</summary>
    public double DenominatorSmoothing { get; init => field = SegmentationChecks.NotNegative(value); } = DefaultSmoothing;

    /// <summary>m, below which the denominator does not fall; 0 by default.</summary>
    public double LeastDenominator { get; init => field = SegmentationChecks.NotNegative(value); }

    /// <summary>A weight for each class that counts; null, the default, for 1.</summary>
    public IReadOnlyList<double>? ClassWeights { get; init => field = SegmentationChecks.Weights(value); }

    /// <summary>Whether the mean divides by the sum of the weights (segmentation_models.pytorch) or by the number of ratios (MONAI, the default).</summary>
    public bool NormalizeWeights { get; init; }

    /// <summary>The mean of the ratios by default; without a reduction the result is [N, C], [C] or [N].</summary>
    public nn.Reduction Reduction { get; init; } = nn.Reduction.Mean;
}
