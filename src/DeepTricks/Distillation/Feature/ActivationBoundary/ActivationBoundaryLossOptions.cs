namespace DeepTricks.Distillation;

/// <summary>Margin and scale of an <see cref="ActivationBoundaryLoss"/>. The codes differ by orders of magnitude, and with them the weight that the term wants.</summary>
public sealed record ActivationBoundaryLossOptions : FeatureLossOptions
{
    private const double AuthorsFactor = 3.0 / 1000, ZooMargin = 2;

    /// <summary>
    /// The authors' code (bhheo/AB_distillation), which RepDistiller and mmrazor follow: the sum over a sample times 3/1000; the default. Authors and RepDistiller
    /// weigh the layers by <see cref="LayerWeights.HalvedTowardsInput"/>, and use the term alone, before the labels.
    /// </summary>
    public static ActivationBoundaryLossOptions Official { get; } = new() { Reduction = FeatureReduction.SampleMean, Factor = AuthorsFactor };

    /// <summary>torchdistill: the sum over a sample.</summary>
    public static ActivationBoundaryLossOptions TorchDistill { get; } = new() { Reduction = FeatureReduction.SampleMean };

    /// <summary>Knowledge-Distillation-Zoo: the mean over all elements with the margin 2, beside the labels with the weight 10.</summary>
    public static ActivationBoundaryLossOptions KdZoo { get; } = new() { Margin = ZooMargin };

    /// <summary>How far on the right side a pre-activation is to be, above 0; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Margin { get; init => field = LogitChecks.Positive(value, nameof(Margin)); } = 1;
}
