namespace DeepTricks.Losses;

/// <summary>How a <see cref="TverskyLoss"/> is computed; by default as MONAI's TverskyLoss computes it over a softmax.</summary>
public sealed record TverskyLossOptions : OverlapLossOptions
{
    /// <summary>MONAI's defaults: α = β = 0.5, which is half of Dice's numerator and denominator, and 1e-5 on both sides.</summary>
    public static TverskyLossOptions Monai { get; } = new();

    /// <summary>The defaults of segmentation_models.pytorch: a ratio for each class over the batch, no smoothing, 0 for a class that is not there.</summary>
    public static TverskyLossOptions SegmentationModels { get; } = new()
    {
        Pooling = OverlapPooling.Class,
        EmptyTargets = EmptyTargetPolicy.CountAsZero,
        NumeratorSmoothing = 0,
        DenominatorSmoothing = 0,
        LeastDenominator = 1e-7,
        NormalizeWeights = true,
    };

    /// <summary>
    /// The focal Tversky loss of Abraham and Khan, 2019: misses weigh 0.7, false alarms 0.3, and (1 − score)^0.75, which is their 1/γ of γ = 4/3.
    /// </summary>
    public static TverskyLossOptions Focal { get; } = new() { FalsePositives = 0.3, FalseNegatives = 0.7, Exponent = 0.75 };

    /// <summary>α, the weight of false positives; 0.5 by default.</summary>
    public double FalsePositives { get; init => field = SegmentationChecks.NotNegative(value); } = 0.5;

    /// <summary>β, the weight of false negatives; 0.5 by default. Above α the loss prefers false alarms to misses.</summary>
    public double FalseNegatives { get; init => field = SegmentationChecks.NotNegative(value); } = 0.5;

    /// <summary>What 1 − score of each class is raised to; 1 by default.</summary>
    public double Exponent { get; init => field = SegmentationChecks.Positive(value); } = 1;
}
