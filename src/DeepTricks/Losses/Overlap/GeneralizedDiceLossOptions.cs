using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>How a <see cref="GeneralizedDiceLoss"/> is computed; by default as MONAI's GeneralizedDiceLoss computes it over a softmax.</summary>
public sealed record GeneralizedDiceLossOptions
{
    /// <summary>MONAI's defaults.</summary>
    public static GeneralizedDiceLossOptions Monai { get; } = new();

    /// <summary>What turns scores into probabilities; softmax by default.</summary>
    public ScoreActivation Activation { get; init; }

    /// <summary>Pixels with this label, or this value of a mask, count for nothing; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = OverlapLossOptions.DefaultIgnoreIndex;

    /// <summary>Whether class 0 counts; true by default, as in MONAI. It always does where it is the only class.</summary>
    public bool IncludeBackground { get; init; } = true;

    /// <summary>What a class weighs; 1/T² by default. A class without pixels weighs as much as the heaviest one.</summary>
    public VolumeWeight Weight { get; init; }

    /// <summary>Whether there is one ratio of the whole batch rather than one of each sample; false by default.</summary>
    public bool OverBatch { get; init; }

    /// <summary>Added to the numerator; 1e-5 by default.</summary>
    public double NumeratorSmoothing { get; init => field = SegmentationChecks.NotNegative(value); } = OverlapLossOptions.DefaultSmoothing;

    /// <summary>Added to the denominator; 1e-5 by default.</summary>
    public double DenominatorSmoothing { get; init => field = SegmentationChecks.NotNegative(value); } = OverlapLossOptions.DefaultSmoothing;

    /// <summary>The mean of the ratios by default; without a reduction the result is [N], or [1] over the batch.</summary>
    public nn.Reduction Reduction { get; init; } = nn.Reduction.Mean;
}
