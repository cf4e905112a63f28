namespace DeepTricks.Losses;

/// <summary>How an <see cref="IouLoss"/> is computed; by default as MONAI computes it over a softmax.</summary>
public sealed record IouLossOptions : OverlapLossOptions
{
    /// <summary>Makes the settings of MONAI.</summary>
    public IouLossOptions() => (NumeratorSmoothing, DenominatorSmoothing) = (DefaultSmoothing / 2, DefaultSmoothing / 2);

    /// <summary>MONAI's <c>DiceLoss(jaccard=True)</c>: it adds 1e-5 to twice the intersection and twice the union, that is 5e-6 to each.</summary>
    public static IouLossOptions Monai { get; } = new();

    /// <summary>
    /// The defaults of segmentation_models.pytorch's JaccardLoss: a ratio for each class over the batch, no smoothing, a denominator of at
    /// least 1e-7, and 0 for a class that the batch does not have.
    /// </summary>
    public static IouLossOptions SegmentationModels { get; } = new()
    {
        Pooling = OverlapPooling.Class,
        EmptyTargets = EmptyTargetPolicy.CountAsZero,
        NumeratorSmoothing = 0,
        DenominatorSmoothing = 0,
        LeastDenominator = 1e-7,
        NormalizeWeights = true,
    };

    /// <summary>
    /// The authors of UNet3+: probabilities, one ratio for each sample over all its classes, and no smoothing, so that the loss is NaN where both
    /// the prediction and the target are empty to the last digit.
    /// </summary>
    public static IouLossOptions UNet3Plus { get; } = new()
    {
        Activation = ScoreActivation.None,
        Pooling = OverlapPooling.Sample,
        NumeratorSmoothing = 0,
        DenominatorSmoothing = 0,
    };
}
