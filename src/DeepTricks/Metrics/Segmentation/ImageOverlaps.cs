using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>
/// The overlap of prediction and truth in each image, over any number of batches: from it come the scores of every image, their means, and the scores of all
/// pixels together. It holds a few numbers for each class of each image.
/// </summary>
/// <example><code>
/// using var overlaps = new ImageOverlaps(new() { Classes = 3, MultiLabel = true });
/// overlaps.Update(probabilities, masks);
/// foreach (var image in overlaps.Images())
///     Console.WriteLine(image.MeanDice);
/// </code></example>
public sealed class ImageOverlaps(SegmentationOptions options) : IDisposable
{
    private readonly SegmentationOptions _options = options ?? throw new ArgumentNullException(nameof(options));
    private readonly List<OverlapCounts> _images = [];
    private Tensor? _onDevice;
    private Tensor? _wrong;

    /// <summary>Takes in a batch; without waiting for the device where it has masks, and else with the wait of bincount.</summary>
    /// <param name="output">Scores or labels, or scores or masks, as <see cref="SegmentationOptions.MultiLabel"/> says.</param>
    /// <param name="target">Labels or masks, on the same device.</param>
    /// <exception cref="ArgumentException">Another shape or dtype; or, on the CPU, a label that is no class. Then nothing of the batch is counted.</exception>
    public void Update(Tensor output, Tensor target)
    {
        if (_options.MultiLabel)
            SegmentationChecks.CheckMasks(output, target, _options.Classes);
        else
            SegmentationChecks.CheckLabels(output, target, _options.Classes);
        if (target.shape[0] == 0)
            return;
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var rows = _options.MultiLabel ? OfMasks(output, target) : OfLabels(output, target);
        if (rows.device_type == DeviceType.CPU)
            Read(rows);
        else
            Keep(ref _onDevice, _onDevice is null ? rows : cat([_onDevice, rows]));
    }

    /// <summary>The scores of each image so far, in their order. Waits for the device.</summary>
    /// <exception cref="InvalidOperationException">A label was no class.</exception>
    public IReadOnlyList<SegmentationScores> Images() => [.. Counts().Select(Scores)];

    /// <summary>The scores of all pixels together. Waits for the device.</summary>
    /// <exception cref="InvalidOperationException">A label was no class.</exception>
    public SegmentationScores Total() => Scores(OverlapCounts.Sum(Counts(), _options.Classes));

    /// <summary>The mean over the images for each class, NaN where a class has no figure: MONAI's "mean_batch". Waits for the device.</summary>
    /// <param name="scores">Which scores, for example <c>scores => scores.Dice</c>.</param>
    /// <exception cref="InvalidOperationException">A label was no class.</exception>
    public IReadOnlyList<double> ClassMeans(Func<SegmentationScores, IReadOnlyList<double>> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var images = Images().Select(scores).ToArray();
        return [.. Enumerable.Range(0, _options.Classes).Select(c => SegmentationScores.MeanOf(images.Select(image => image[c])))];
    }

    /// <summary>Forgets all images.</summary>
    public void Reset()
    {
        _images.Clear();
        _onDevice?.Dispose();
        _onDevice = null;
        _wrong?.zero_();
    }

    /// <summary>Disposes of what is on a device.</summary>
    public void Dispose()
    {
        Reset();
        _wrong?.Dispose();
        _wrong = null;
    }

    /// <summary>The mean over the images that have a figure at all, then; NaN where none has.</summary>
    internal double Mean(Func<SegmentationScores, double> figure) => SegmentationScores.MeanOf(Images().Select(figure));

    private static void Keep(ref Tensor? place, Tensor value)
    {
        place?.Dispose();
        place = value.DetachFromDisposeScope();
    }

    private SegmentationScores Scores(OverlapCounts counts) => new(counts, _options.Policy, _options.First(withBackground: true));

    // Rows of [N, 3 C + 2]: both, predicted and truth of each class; right and all.
    private Tensor OfLabels(Tensor output, Tensor target)
    {
        var (counts, wrong) = ClassPairs.Count(output, target, _options.Classes, _options.IgnoreIndex);
        LabelErrors.ThrowOnCpu(wrong, _options.Classes);
        if (wrong.device_type != DeviceType.CPU)
            Keep(ref _wrong, _wrong is null ? wrong : _wrong + wrong);
        var both = counts.diagonal(0, 1, 2);
        return cat([both, counts.sum(1), counts.sum(2), both.sum(1, keepdim: true), counts.sum([1, 2]).unsqueeze(1)], 1);
    }

    private Tensor OfMasks(Tensor output, Tensor target)
    {
        var (predicted, truth, counted) = SegmentationChecks.Masks(output, target, _options);
        var shared = predicted.eq(truth);
        var right = counted is null ? shared : shared & counted;
        return cat(
        [
            Pixels(predicted & truth), Pixels(predicted), Pixels(truth),
            Pixels(right).sum(1, keepdim: true), Pixels(counted ?? ones_like(truth)).sum(1, keepdim: true),
        ], 1);

        static Tensor Pixels(Tensor masks) => masks.flatten(1).view(masks.shape[0], masks.shape[1], -1).sum(2);
    }

    private void Read(Tensor rows)
    {
        var (numbers, classes) = (rows.Values<long>(), _options.Classes);
        for (var at = 0; at < numbers.Length; at += (3 * classes) + 2)
        {
            var end = at + (3 * classes);
            _images.Add(new(numbers[at..(at + classes)], numbers[(at + classes)..(at + (2 * classes))], numbers[(at + (2 * classes))..end], numbers[end], numbers[end + 1]));
        }
    }

    private List<OverlapCounts> Counts()
    {
        if (_wrong is not null)
            LabelErrors.Throw(_wrong, _options.Classes);
        if (_onDevice is not null)
        {
            using var host = _onDevice.cpu();
            Read(host);
            _onDevice.Dispose();
            _onDevice = null;
        }

        return _images;
    }
}
