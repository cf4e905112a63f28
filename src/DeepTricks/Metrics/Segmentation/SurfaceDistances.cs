using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>
/// Distances between the surfaces of masks, for each class of each image, with the meaning they have in MONAI. Masks are [N, C, H, W] or
/// [N, C, D, H, W], Bool or Byte (0 and other than 0); results are [N, C], float64, on the masks' device, and NaN where both masks are empty.
/// </summary>
/// <remarks>Computed on the CPU: masks on another device are copied.</remarks>
public static class SurfaceDistances
{
    private static readonly SurfaceOptions Defaults = new();

    /// <summary>The Hausdorff distance: how far the surfaces are apart where they are farthest.</summary>
    /// <param name="predicted">The masks predicted.</param>
    /// <param name="truth">The true masks.</param>
    /// <param name="percentile">95 for HD95: the percentile of the distances in place of the farthest, in (0, 100]; null, the default, for the farthest.</param>
    /// <param name="directed">Whether to look from the prediction to the truth alone; by default the larger of both ways counts.</param>
    /// <param name="options">Spacing and missing masks.</param>
    /// <exception cref="ArgumentException">Another shape or dtype, or spacings for another number of dimensions.</exception>
    public static Tensor Hausdorff(Tensor predicted, Tensor truth, double? percentile = null, bool directed = false, SurfaceOptions? options = null)
    {
        if (percentile is not (null or (> 0 and <= 100)))
            throw new ArgumentOutOfRangeException(nameof(percentile), percentile, "Expected a percentile above 0 and up to 100.");
        var missing = (options ?? Defaults).Missing;
        return Measure(predicted, truth, options, SurfaceKind.Pixels, (pair, _) =>
            pair.IsHalfEmpty ? missing
            : directed ? Farthest(pair.ToSecond, percentile)
            : Math.Max(Farthest(pair.ToSecond, percentile), Farthest(pair.ToFirst, percentile)));
    }

    /// <summary>The average surface distance: the mean over the pixels of the predicted surface of their distance to the true one.</summary>
    /// <param name="predicted">The masks predicted.</param>
    /// <param name="truth">The true masks.</param>
    /// <param name="symmetric">Whether the mean is over both surfaces, each to the other (ASSD); false by default, as in MONAI.</param>
    /// <param name="options">Spacing and missing masks.</param>
    /// <exception cref="ArgumentException">Another shape or dtype, or spacings for another number of dimensions.</exception>
    public static Tensor Average(Tensor predicted, Tensor truth, bool symmetric = false, SurfaceOptions? options = null)
    {
        var missing = (options ?? Defaults).Missing;
        return Measure(predicted, truth, options, SurfaceKind.Pixels, (pair, _) =>
            pair.IsHalfEmpty ? missing : (symmetric ? pair.ToSecond.Concat(pair.ToFirst) : pair.ToSecond).Average(distance => (double)distance));
    }

    /// <summary>
    /// Surface Dice, the normalised surface distance (Nikolov et al., 2018): the part of both surfaces that is no farther from the other than
    /// the tolerance, from 0 to 1; 0 where exactly one mask is empty.
    /// </summary>
    /// <param name="predicted">The masks predicted.</param>
    /// <param name="truth">The true masks.</param>
    /// <param name="tolerances">The tolerance of each class, in the unit of the spacing, or one for all.</param>
    /// <param name="surface">Pixels by default, as in MONAI; contours as in deepmind/surface-distance.</param>
    /// <param name="options">Spacing; nothing is missing here.</param>
    /// <exception cref="ArgumentException">Another shape or dtype, tolerances for another number of classes or below 0, or contours of volumes.</exception>
    public static Tensor Dice(
        Tensor predicted, Tensor truth, IReadOnlyList<double> tolerances, SurfaceKind surface = SurfaceKind.Pixels, SurfaceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tolerances);
        ArgumentNullException.ThrowIfNull(predicted);
        if (tolerances.Count != 1 && (predicted.dim() < 2 || tolerances.Count != predicted.shape[1]))
            throw new ArgumentException($"Expected a tolerance for each class of masks {predicted.ShapeText()}, or one for all; {tolerances.Count} came.", nameof(tolerances));
        foreach (var tolerance in tolerances)
            if (!(tolerance >= 0 && double.IsFinite(tolerance)))
                throw new ArgumentException($"Expected tolerances of 0 and more; one is {tolerance}.", nameof(tolerances));
        return Measure(predicted, truth, options, surface, (pair, c) =>
        {
            var tolerance = (float)tolerances[tolerances.Count == 1 ? 0 : c];
            var (near, all) = Within(pair.ToSecond, pair.FirstLengths, tolerance);
            var (nearBack, allBack) = Within(pair.ToFirst, pair.SecondLengths, tolerance);
            return (near + nearBack) / (all + allBack);
        });
    }

    private static double Farthest(float[] distances, double? percentile)
    {
        if (percentile is not { } percent)
            return distances.Max();

        // Between the two nearest of the sorted distances, as torch.quantile does.
        Array.Sort(distances);
        var rank = percent / 100 * (distances.Length - 1);
        var (low, high) = (distances[(int)rank], distances[(int)Math.Ceiling(rank)]);
        return low + ((rank - Math.Floor(rank)) * (high - low));
    }

    private static (double Near, double All) Within(float[] distances, double[]? lengths, float tolerance)
    {
        var (near, all) = (0.0, 0.0);
        for (var i = 0; i < distances.Length; i++)
        {
            var length = lengths?[i] ?? 1;
            near += distances[i] <= tolerance ? length : 0;
            all += length;
        }

        return (near, all);
    }

    private static unsafe Tensor Measure(Tensor predicted, Tensor truth, SurfaceOptions? options, SurfaceKind kind, Func<SurfacePair, int, double> figure)
    {
        Check(predicted, truth, kind);
        var shape = predicted.shape[2..];
        double[] spacing = [.. (options ?? Defaults).Spacing ?? Enumerable.Repeat(1.0, shape.Length)];
        if (spacing.Length != shape.Length)
            throw new ArgumentException($"The images have {shape.Length} dimensions; the spacing has {spacing.Length}.", nameof(options));
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (ours, other) = (OnCpu(predicted), OnCpu(truth));
        var classes = (int)predicted.shape[1];
        var pairs = new double[predicted.shape[0] * classes];
        if (pairs.Length > 0 && ours.numel() > 0)
        {
            var first = ours.Address<bool>();
            var second = other.Address<bool>();
            var elements = ours.numel() / pairs.Length;
            var spread = pairs.Length >= get_num_threads();
            RowParallel.For(spread ? pairs.Length : 1, elements, (from, to) =>
            {
                for (var i = spread ? from : 0; i < (spread ? to : pairs.Length); i++)
                {
                    var one = first + (i * elements);
                    var two = second + (i * elements);
                    var pair = kind == SurfaceKind.Contours
                        ? SurfacePair.OfContours(one, two, shape, spacing, !spread)
                        : SurfacePair.OfPixels(one, two, shape, spacing, !spread);
                    pairs[i] = pair.IsEmpty ? double.NaN : figure(pair, (int)(i % classes));
                }
            });
        }

        return tensor(pairs, [predicted.shape[0], classes]).to(predicted.device).MoveToOuterDisposeScope();

        static Tensor OnCpu(Tensor masks) => (masks.dtype == ScalarType.Bool ? masks : masks.ne(0)).cpu().contiguous();
    }

    private static void Check(Tensor predicted, Tensor truth, SurfaceKind kind)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(truth);
        foreach (var (masks, name) in (ReadOnlySpan<(Tensor, string)>)[(predicted, nameof(predicted)), (truth, nameof(truth))])
        {
            if (masks.dim() is not (4 or 5) || masks.dtype is not (ScalarType.Bool or ScalarType.Byte))
                throw new ArgumentException($"Expected masks [N, C, H, W] or [N, C, D, H, W] of Bool or Byte; {masks.ShapeText()} of {masks.dtype} came.", name);
        }

        if (!truth.shape.SequenceEqual(predicted.shape))
            throw new ArgumentException($"Expected masks {predicted.ShapeText()}; {truth.ShapeText()} came.", nameof(truth));
        if (!predicted.SharesDeviceWith(truth))
            throw new ArgumentException($"The prediction is on {predicted.device}; the truth is on {truth.device}.", nameof(truth));
        if (kind == SurfaceKind.Contours && predicted.dim() == 5)
            throw new ArgumentException($"Contours are of images [N, C, H, W]; {predicted.ShapeText()} came.", nameof(predicted));
    }
}
