namespace DeepTricks.Metrics;

/// <summary>What stands in the outputs and targets of a segmentation, and how scores of it are averaged.</summary>
public sealed record SegmentationOptions
{
    /// <summary>0.5, for probabilities; 0 is the same for logits.</summary>
    public const double DefaultThreshold = 0.5;

    /// <summary>The number of classes, C, with the background.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public required int Classes
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected one class or more.");
    }

    /// <summary>
    /// False, the default, where a pixel is of one class: outputs are scores [N, C, ...], of which the highest counts, or labels [N, ...], and targets
    /// labels [N, ...]. True where each class is a mask of its own (or one-hot): outputs are scores or masks [N, C, ...], targets masks [N, C, ...].
    /// </summary>
    public bool MultiLabel { get; init; }

    /// <summary>Scores above it are of the mask, where <see cref="MultiLabel"/>; 0.5 by default, which is for probabilities.</summary>
    public double Threshold { get; init; } = DefaultThreshold;

    /// <summary>Pixels where the target has this value count for nothing; null, the default, for none. 255 in VOC and Cityscapes.</summary>
    public long? IgnoreIndex { get; init; }

    /// <summary>
    /// Whether class 0 is in means over classes; it always is where it is the only one. Null, the default, for what MONAI does: with the overlaps it
    /// is, with the distances of surfaces it is not.
    /// </summary>
    public bool? IncludeBackground { get; init; }

    /// <summary>
    /// False, the default, for scores of all pixels together, as VOC and Cityscapes have them; true for the mean of the scores of each image, as MONAI
    /// has them.
    /// </summary>
    public bool PerImage { get; init; }

    /// <summary>
    /// What an absent class counts for. Null, the default, for <see cref="EmptyClassPolicy.LeaveOutWithoutTruth"/> where images are scored one by
    /// one, as in MONAI, and <see cref="EmptyClassPolicy.LeaveOutAbsent"/> where all are scored together.
    /// </summary>
    public EmptyClassPolicy? EmptyClasses { get; init; }

    /// <summary>The policy in force.</summary>
    internal EmptyClassPolicy Policy => EmptyClasses ?? (PerImage ? EmptyClassPolicy.LeaveOutWithoutTruth : EmptyClassPolicy.LeaveOutAbsent);

    /// <summary>The first class in means.</summary>
    internal int First(bool withBackground) => Classes > 1 && !(IncludeBackground ?? withBackground) ? 1 : 0;
}
