using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Position-sensitive RoIAlign: each bin takes the mean of bilinear samples of channels of its own (Dai et al., "R-FCN", 2016, with the samples of
/// Mask R-CNN), as torchvision's <c>ps_roi_align</c> does: half a cell is always subtracted.
/// </summary>
/// <remarks>A region of negative size has no sample in an adaptive grid and gives 0, where torchvision gives NaN.</remarks>
/// <param name="options">Bins, scale and samples; regions are always aligned, and samples averaged.</param>
public sealed class PositionSensitiveRoiAlign(RoiAlignOptions options) : nn.Module<Tensor, Tensor, Tensor>(nameof(PositionSensitiveRoiAlign))
{
    private readonly RoiAlignOptions _options = RegionChecks.Averaged(options);

    /// <summary>Pools regions.</summary>
    /// <param name="features">[N, C · rows · columns, H, W], of a floating type.</param>
    /// <param name="regions">[K, 5] of (image, x1, y1, x2, y2), of the features' type and device.</param>
    /// <returns>[K, C, rows, columns]: channel c at bin b comes from channel c · rows · columns + b.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a region is of no image.</exception>
    public override Tensor forward(Tensor features, Tensor regions) => Compute(features, regions, _options);

    /// <summary>Pools regions.</summary>
    /// <param name="features">[N, C · rows · columns, H, W], of a floating type.</param>
    /// <param name="regions">[K, 5] of (image, x1, y1, x2, y2), of the features' type (or float32 beside half precision) and device.</param>
    /// <param name="options">Bins, scale and samples; regions are always aligned, and samples averaged.</param>
    /// <returns>[K, C, rows, columns]: channel c at bin b comes from channel c · rows · columns + b.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a region is of no image.</exception>
    public static Tensor Compute(Tensor features, Tensor regions, RoiAlignOptions options)
    {
        var aligned = RegionChecks.Averaged(options) with { Aligned = true };
        PositionSensitive.Check(features, regions, options.OutputHeight * options.OutputWidth);
        using var scope = NewDisposeScope();
        return RegionPrecision.Run([features], regions, (maps, boxes) => PositionSensitive.Align(maps[0], boxes, aligned)).MoveToOuterDisposeScope();
    }
}
