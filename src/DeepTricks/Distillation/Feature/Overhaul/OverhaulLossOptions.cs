namespace DeepTricks.Distillation;

/// <summary>The scale of an <see cref="OverhaulLoss"/>.</summary>
public sealed record OverhaulLossOptions : FeatureLossOptions
{
    private const double CifarFactor = 1e-3, ImageNetFactor = 1e-4, SegmentationFactor = 1e-5;

    /// <summary>The authors' code for CIFAR (clovaai/overhaul-distillation), which mdistiller and mmrazor follow: the sum over a sample, by 1000; the default. Layers weigh <see cref="LayerWeights.HalvedTowardsInput"/>.</summary>
    public static OverhaulLossOptions OfficialCifar { get; } = new() { Reduction = FeatureReduction.SampleMean, Factor = CifarFactor };

    /// <summary>The authors' code for ImageNet: the sum over a sample, by 10000.</summary>
    public static OverhaulLossOptions OfficialImageNet { get; } = new() { Reduction = FeatureReduction.SampleMean, Factor = ImageNetFactor };

    /// <summary>The authors' code for segmentation: the sum over a sample, by 100000.</summary>
    public static OverhaulLossOptions OfficialSegmentation { get; } = new() { Reduction = FeatureReduction.SampleMean, Factor = SegmentationFactor };

    /// <summary>Knowledge-Distillation-Zoo: the mean over all elements. It goes with <see cref="OverhaulLoss.BatchMargin"/>; the weight there is 0.5.</summary>
    public static OverhaulLossOptions KdZoo { get; } = new();
}
