using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>One figure of the overlap of prediction and truth, as a metric for the trainer: of all pixels together, or the mean over the images.</summary>
/// <example><code>
/// SegmentationOptions options = new() { Classes = 4, PerImage = true, IncludeBackground = false };
/// using var dice = SegmentationMetric.Dice(options);
/// </code></example>
public sealed class SegmentationMetric : IMetric
{
    private readonly ImageOverlaps _overlaps;
    private readonly Func<SegmentationScores, double> _figure;
    private readonly bool _perImage;

    private SegmentationMetric(string name, SegmentationOptions options, Func<SegmentationScores, double> figure)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Name, _figure, _perImage, _overlaps) = (name, figure, options.PerImage, new(options));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The mean Dice score, "dice".</summary>
    /// <param name="options">What stands in outputs and targets, and how it is averaged.</param>
    public static SegmentationMetric Dice(SegmentationOptions options) => new("dice", options, scores => scores.MeanDice);

    /// <summary>The mean intersection over union, "miou".</summary>
    /// <inheritdoc cref="Dice"/>
    public static SegmentationMetric MeanIntersectionOverUnion(SegmentationOptions options) => new("miou", options, scores => scores.MeanIntersectionOverUnion);

    /// <summary>The part of the pixels that are right, "pixel-accuracy".</summary>
    /// <inheritdoc cref="Dice"/>
    public static SegmentationMetric PixelAccuracy(SegmentationOptions options) => new("pixel-accuracy", options, scores => scores.PixelAccuracy);

    /// <summary>The mean over the classes of the part of their pixels that are right, "class-accuracy"; the same as the mean recall.</summary>
    /// <inheritdoc cref="Dice"/>
    public static SegmentationMetric ClassAccuracy(SegmentationOptions options) => new("class-accuracy", options, scores => scores.MeanRecall);

    /// <summary>The mean precision, "precision".</summary>
    /// <inheritdoc cref="Dice"/>
    public static SegmentationMetric Precision(SegmentationOptions options) => new("precision", options, scores => scores.MeanPrecision);

    /// <summary>The mean recall, "recall".</summary>
    /// <inheritdoc cref="Dice"/>
    public static SegmentationMetric Recall(SegmentationOptions options) => new("recall", options, scores => scores.MeanRecall);

    /// <summary>The mean intersection over union, weighted by the pixels of the classes, "fwiou".</summary>
    /// <inheritdoc cref="Dice"/>
    public static SegmentationMetric FrequencyWeightedIntersectionOverUnion(SegmentationOptions options) =>
        new("fwiou", options, scores => scores.FrequencyWeightedIntersectionOverUnion);

    /// <inheritdoc cref="ImageOverlaps.Update"/>
    public void Update(Tensor output, Tensor target) => _overlaps.Update(output, target);

    /// <inheritdoc/>
    public double Compute() => _perImage ? _overlaps.Mean(_figure) : _figure(_overlaps.Total());

    /// <inheritdoc/>
    public void Reset() => _overlaps.Reset();

    /// <summary>Disposes of what was gathered.</summary>
    public void Dispose() => _overlaps.Dispose();
}
