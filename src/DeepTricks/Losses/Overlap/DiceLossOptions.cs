namespace DeepTricks.Losses;

/// <summary>How a <see cref="DiceLoss"/> is computed; by default as MONAI's DiceLoss computes it over a softmax.</summary>
public sealed record DiceLossOptions : OverlapLossOptions
{
    /// <summary>MONAI's defaults: a ratio for each class of each sample, 1e-5 on both sides.</summary>
    public static DiceLossOptions Monai { get; } = new();

    /// <summary>
    /// The defaults of segmentation_models.pytorch: a ratio for each class over the batch, no smoothing, a denominator of at least 1e-7 (of the form
    /// with the factor 1; 2e-7 here), and 0 for a class that the batch does not have.
    /// </summary>
    public static DiceLossOptions SegmentationModels { get; } = new()
    {
        Pooling = OverlapPooling.Class,
        EmptyTargets = EmptyTargetPolicy.CountAsZero,
        NumeratorSmoothing = 0,
        DenominatorSmoothing = 0,
        LeastDenominator = 2e-7,
        NormalizeWeights = true,
    };

    /// <summary>Whether the denominator is Σp² + Σt², as in V-Net, rather than Σp + Σt; false by default.</summary>
    public bool Squared { get; init; }
}
