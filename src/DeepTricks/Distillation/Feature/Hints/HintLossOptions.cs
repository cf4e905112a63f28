namespace DeepTricks.Distillation;

/// <summary>How a <see cref="HintLoss"/> is reduced.</summary>
public sealed record HintLossOptions : FeatureLossOptions
{
    /// <summary>The mean of the squared differences, as RepDistiller, mdistiller and Knowledge-Distillation-Zoo have it; the default. RepDistiller's weight is 100.</summary>
    public static HintLossOptions RepDistiller { get; } = new();

    /// <summary>Half the squared distance of a sample, averaged over the samples (Romero et al., 2015, equation 3).</summary>
    public static HintLossOptions Paper { get; } = new() { Reduction = FeatureReduction.SampleMean, Factor = 0.5 };
}
