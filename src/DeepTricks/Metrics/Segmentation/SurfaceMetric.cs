using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>
/// One figure of the distances between predicted and true surfaces, as a metric for the trainer: the mean over the classes of an image, without the
/// background unless asked for, then the mean over the images. What is NaN (both masks empty) is left out of both.
/// </summary>
/// <remarks>It is computed on the CPU, so on other devices an update waits.</remarks>
/// <example><code>
/// using var distance = SurfaceMetric.Hausdorff(new() { Classes = 4 }, percentile: 95, surface: new() { Spacing = [0.8, 0.8] });
/// </code></example>
public sealed class SurfaceMetric : IMetric
{
    private readonly SegmentationOptions _options;
    private readonly Func<Tensor, Tensor, Tensor> _figure;
    private readonly List<double[]> _images = [];

    private SurfaceMetric(string name, SegmentationOptions options, Func<Tensor, Tensor, Tensor> figure)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Name, _options, _figure) = (name, options, figure);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The Hausdorff distance, "hausdorff", or a percentile of it, for example "hd95".</summary>
    /// <param name="options">What stands in outputs and targets.</param>
    /// <param name="percentile">95 for HD95; null, the default, for the farthest distance.</param>
    /// <param name="directed">Whether to look from the prediction to the truth alone; false by default.</param>
    /// <param name="surface">Spacing and missing masks.</param>
    public static SurfaceMetric Hausdorff(SegmentationOptions options, double? percentile = null, bool directed = false, SurfaceOptions? surface = null) =>
        new(percentile is null ? "hausdorff" : FormattableString.Invariant($"hd{percentile}"), options,
            (predicted, truth) => SurfaceDistances.Hausdorff(predicted, truth, percentile, directed, surface));

    /// <summary>The average surface distance, "asd", or of both ways, "assd".</summary>
    /// <param name="options">What stands in outputs and targets.</param>
    /// <param name="symmetric">Whether the mean is over both surfaces; false by default.</param>
    /// <param name="surface">Spacing and missing masks.</param>
    public static SurfaceMetric Average(SegmentationOptions options, bool symmetric = false, SurfaceOptions? surface = null) =>
        new(symmetric ? "assd" : "asd", options, (predicted, truth) => SurfaceDistances.Average(predicted, truth, symmetric, surface));

    /// <summary>Surface Dice, "surface-dice".</summary>
    /// <param name="options">What stands in outputs and targets.</param>
    /// <param name="tolerances">The tolerance of each class that counts, in the unit of the spacing, or one for all.</param>
    /// <param name="kind">Pixels by default, as in MONAI; contours as in deepmind/surface-distance.</param>
    /// <param name="surface">Spacing.</param>
    public static SurfaceMetric Dice(
        SegmentationOptions options, IReadOnlyList<double> tolerances, SurfaceKind kind = SurfaceKind.Pixels, SurfaceOptions? surface = null) =>
        new("surface-dice", options, (predicted, truth) => SurfaceDistances.Dice(predicted, truth, tolerances, kind, surface));

    /// <summary>Takes in a batch.</summary>
    /// <param name="output">Scores or labels, or scores or masks, as <see cref="SegmentationOptions.MultiLabel"/> says, of images or volumes.</param>
    /// <param name="target">Labels or masks, on the same device. What is to be ignored is in no mask.</param>
    /// <exception cref="ArgumentException">Another shape or dtype.</exception>
    public void Update(Tensor output, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (predicted, truth) = Masks(output, target);
        var first = _options.First(withBackground: false);
        var classes = _options.Classes - first;
        var figures = _figure(predicted.narrow(1, first, classes), truth.narrow(1, first, classes)).cpu().Values<double>();
        for (var i = 0; i < figures.Length; i += classes)
            _images.Add(figures[i..(i + classes)]);
    }

    /// <summary>The mean over the images of the mean over the classes; NaN where there is no figure.</summary>
    public double Compute() => SegmentationScores.MeanOf(_images.Select(SegmentationScores.MeanOf));

    /// <summary>The mean over the images for each class that counts, NaN where a class has no figure.</summary>
    public IReadOnlyList<double> ClassMeans() =>
        [.. Enumerable.Range(0, _images.Count == 0 ? 0 : _images[0].Length).Select(c => SegmentationScores.MeanOf(_images.Select(image => image[c])))];

    /// <inheritdoc/>
    public void Reset() => _images.Clear();

    /// <summary>Does nothing: what is gathered is no tensor.</summary>
    public void Dispose()
    {
    }

    private (Tensor Predicted, Tensor Truth) Masks(Tensor output, Tensor target)
    {
        if (_options.MultiLabel)
        {
            SegmentationChecks.CheckMasks(output, target, _options.Classes);
            var (predicted, truth, _) = SegmentationChecks.Masks(output, target, _options);
            return (predicted, truth);
        }

        SegmentationChecks.CheckLabels(output, target, _options.Classes);
        var labels = output.is_floating_point() ? output.argmax(1) : output;
        var classes = arange(_options.Classes, device: target.device).reshape([1, -1, .. Enumerable.Repeat(1L, (int)target.dim() - 1)]);
        var (guess, real) = (labels.unsqueeze(1).eq(classes), target.unsqueeze(1).eq(classes));
        if (_options.IgnoreIndex is not { } label)
            return (guess, real);
        var counted = target.ne(label).unsqueeze(1);
        return (guess & counted, real & counted);
    }
}
