namespace DeepTricks.Losses;

/// <summary>How a <see cref="LovaszHingeLoss"/> is computed; by default as its authors do.</summary>
public sealed record LovaszHingeLossOptions
{
    /// <summary>Pixels whose mask has this value count for nothing; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = SegmentationInput.DefaultIgnoreIndex;

    /// <summary>Whether there is one loss of each image, and their mean, rather than one of all pixels of the batch; true by default.</summary>
    public bool PerImage { get; init; } = true;

    /// <summary>
    /// Whether the masks of several classes are one large mask, as in segmentation_models.pytorch; else, by default, each class has a loss and the
    /// result is their mean.
    /// </summary>
    public bool ClassesTogether { get; init; }
}
