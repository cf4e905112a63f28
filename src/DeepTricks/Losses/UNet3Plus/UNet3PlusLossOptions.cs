namespace DeepTricks.Losses;

/// <summary>The parts of a <see cref="UNet3PlusLoss"/>.</summary>
public sealed record UNet3PlusLossOptions
{
    /// <summary>What turns scores into probabilities, for all parts; sigmoid by default, as in UNet3+.</summary>
    public ScoreActivation Activation { get; init; } = ScoreActivation.Sigmoid;

    /// <summary>Pixels with this label, or this value of a mask, count for nothing in any part; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = SegmentationInput.DefaultIgnoreIndex;

    /// <summary>The pixels' part; γ = 2 by default. Its activation and ignored index are those given here.</summary>
    public FocalLossOptions Focal { get; init; } = new();

    /// <summary>The patches' part; the authors' variant by default. Its activation and ignored index are those given here.</summary>
    public MsSsimLossOptions MsSsim { get; init; } = MsSsimLossOptions.UNet3Plus;

    /// <summary>
    /// The maps' part; the authors' ratio over a sample by default, with MONAI's smoothing so that empty masks have a gradient. Its activation and
    /// ignored index are those given here.
    /// </summary>
    public IouLossOptions Iou { get; init; } = new() { Pooling = OverlapPooling.Sample };

    /// <summary>The weight of the focal loss; 1 by default, as in the paper.</summary>
    public double FocalWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 1;

    /// <summary>The weight of MS-SSIM; 1 by default, as in the paper.</summary>
    public double MsSsimWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 1;

    /// <summary>The weight of the IoU loss; 1 by default, as in the paper.</summary>
    public double IouWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 1;
}
