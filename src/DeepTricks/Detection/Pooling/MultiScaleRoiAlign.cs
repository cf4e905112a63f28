using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// RoIAlign over the levels of a feature pyramid: each box is read from the one level that suits its size
/// (Lin et al., "Feature Pyramid Networks for Object Detection", 2017), as torchvision's <c>MultiScaleRoIAlign</c> does.
/// </summary>
/// <remarks>
/// A map's scale is taken to be a power of two and found from its height and the largest height among the images; torchvision finds it once, at
/// the first call, this each time. With one map all boxes are read from it.
/// </remarks>
/// <param name="options">Bins, samples, and what decides the level.</param>
public sealed class MultiScaleRoiAlign(MultiScaleRoiAlignOptions options)
    : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, IReadOnlyList<(long Height, long Width)>, Tensor>(nameof(MultiScaleRoiAlign))
{
    private readonly MultiScaleRoiAlignOptions _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Pools the boxes of each image.</summary>
    /// <param name="levels">[N, C, Hl, Wl] for each level, from the largest map to the smallest.</param>
    /// <param name="boxes">[L, 4] of (x1, y1, x2, y2) for each image, in pixels of the network's input.</param>
    /// <param name="imageSizes">Height and width of each image in the network's input, without padding.</param>
    /// <returns>[K, C, rows, columns], in the order of the images and boxes.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(IReadOnlyList<Tensor> levels, IReadOnlyList<Tensor> boxes, IReadOnlyList<(long Height, long Width)> imageSizes) =>
        Compute(levels, boxes, imageSizes, _options);

    /// <summary>Pools the boxes of each image.</summary>
    /// <param name="levels">[N, C, Hl, Wl] for each level, from the largest map to the smallest.</param>
    /// <param name="boxes">[L, 4] of (x1, y1, x2, y2) for each image, in pixels of the network's input.</param>
    /// <param name="imageSizes">Height and width of each image in the network's input, without padding.</param>
    /// <param name="options">Bins, samples, and what decides the level.</param>
    /// <returns>[K, C, rows, columns], in the order of the images and boxes.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(
        IReadOnlyList<Tensor> levels, IReadOnlyList<Tensor> boxes, IReadOnlyList<(long Height, long Width)> imageSizes, MultiScaleRoiAlignOptions options)
    {
        Check(levels, boxes, imageSizes, options);
        using var scope = NewDisposeScope();
        var scales = Scales(levels, imageSizes);
        var regions = Regions.FromBoxes(boxes);
        var bins = new RoiAlignOptions(options.OutputHeight, options.OutputWidth) { SamplingRatio = options.SamplingRatio, Aligned = options.Aligned };
        long[] chosen = [];
        if (levels.Count > 1)
        {
            var mapper = new PyramidLevels(-LogarithmOf(scales[0]), -LogarithmOf(scales[^1]), options.CanonicalScale, options.CanonicalLevel);
            chosen = mapper.Of(regions.narrow(1, 1, RegionChecks.BoxColumns)).cpu().Values<long>();
        }

        return RegionPrecision.Run([.. levels], regions, (maps, all) => AlignedRegions.Pool(maps, all, chosen, scales, bins)).MoveToOuterDisposeScope();
    }

    /// <summary>The power of two that is nearest to each map's height over the largest image's.</summary>
    private static double[] Scales(IReadOnlyList<Tensor> levels, IReadOnlyList<(long Height, long Width)> imageSizes)
    {
        var height = imageSizes.Max(size => size.Height);
        return [.. levels.Select(level => Math.Pow(2, Math.Round(Math.Log2((double)level.shape[2] / height))))];
    }

    private static int LogarithmOf(double scale) => (int)Math.Round(Math.Log2(scale));

    private static void Check(
        IReadOnlyList<Tensor> levels, IReadOnlyList<Tensor> boxes, IReadOnlyList<(long Height, long Width)> imageSizes, MultiScaleRoiAlignOptions options)
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(imageSizes);
        ArgumentNullException.ThrowIfNull(options);
        if (levels.Count == 0)
        {
            throw new ArgumentException("There are no levels.", nameof(levels));
        }

        foreach (var level in levels)
        {
            RegionChecks.Features(level, nameof(levels));
            if (level.shape[0] != levels[0].shape[0] || level.shape[1] != levels[0].shape[1] || level.dtype != levels[0].dtype)
            {
                throw new ArgumentException($"Expected levels of the same images, channels and type; there are {levels[0].ShapeText()} {levels[0].dtype} and {level.ShapeText()} {level.dtype}.", nameof(levels));
            }
        }

        RegionChecks.BoxesOfImages(boxes, levels[0].shape[0]);
        foreach (var one in boxes)
        {
            RegionChecks.Regions(one, levels[0], RegionChecks.BoxColumns, nameof(boxes));
        }

        if (imageSizes.Count != boxes.Count || imageSizes.Any(size => size.Height < 1 || size.Width < 1))
        {
            throw new ArgumentException($"Expected a size of at least 1 x 1 for each of {boxes.Count} images; they are {string.Join(", ", imageSizes)}.", nameof(imageSizes));
        }
    }
}
