using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// RoIAlign: cuts each region of a feature map into bins, takes bilinear samples in each, and pools them
/// (He et al., "Mask R-CNN", 2017), as torchvision's <c>roi_align</c> does.
/// </summary>
/// <remarks>
/// <para>
/// Samples more than one cell outside the map count as 0, those nearer take the value at the border. An adaptive grid over a region of
/// negative size has no sample and gives 0, as does a box with a coordinate that is not finite. The boxes get no gradient.
/// </para>
/// <para>Features of half precision are pooled in single precision and rounded once.</para>
/// </remarks>
/// <param name="options">Bins, scale and samples.</param>
public sealed class RoiAlign(RoiAlignOptions options) : nn.Module<Tensor, Tensor, Tensor>(nameof(RoiAlign))
{
    private readonly RoiAlignOptions _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Pools regions.</summary>
    /// <param name="features">[N, C, H, W], of a floating type.</param>
    /// <param name="regions">[K, 5] of (image, x1, y1, x2, y2), of the features' type and device (<see cref="Regions.FromBoxes"/>).</param>
    /// <returns>[K, C, rows, columns].</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a region is of no image.</exception>
    public override Tensor forward(Tensor features, Tensor regions) => Compute(features, regions, _options);

    /// <summary>Pools regions.</summary>
    /// <param name="features">[N, C, H, W], of a floating type.</param>
    /// <param name="regions">[K, 5] of (image, x1, y1, x2, y2), of the features' type (or float32 beside half precision) and device.</param>
    /// <param name="options">Bins, scale and samples.</param>
    /// <returns>[K, C, rows, columns].</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a region is of no image.</exception>
    public static Tensor Compute(Tensor features, Tensor regions, RoiAlignOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RegionChecks.Features(features);
        RegionChecks.Regions(regions, features, RegionChecks.RegionColumns);
        using var scope = NewDisposeScope();
        return RegionPrecision.Run([features], regions, (maps, boxes) => AlignedRegions.Pool(maps, boxes, [], [options.SpatialScale], options)).MoveToOuterDisposeScope();
    }

    /// <summary>Pools the boxes of each image.</summary>
    /// <param name="features">[N, C, H, W], of a floating type.</param>
    /// <param name="boxes">[L, 4] of (x1, y1, x2, y2) for each of the N images, of the features' type and device; L may be 0.</param>
    /// <param name="options">Bins, scale and samples.</param>
    /// <returns>[K, C, rows, columns], in the order of the images.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or there are not N lists of boxes.</exception>
    public static Tensor Compute(Tensor features, IReadOnlyList<Tensor> boxes, RoiAlignOptions options)
    {
        RegionChecks.Features(features);
        RegionChecks.BoxesOfImages(boxes, features.shape[0]);
        using var scope = NewDisposeScope();
        return Compute(features, Regions.FromBoxes(boxes), options).MoveToOuterDisposeScope();
    }
}
