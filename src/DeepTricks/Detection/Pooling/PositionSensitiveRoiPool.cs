using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Position-sensitive RoIPool: each bin takes the mean of whole cells of channels of its own (Dai et al., "R-FCN", 2016), as torchvision's
/// <c>ps_roi_pool</c> does. The end cell does not belong to the region, and the map's last row and column never count.
/// </summary>
/// <remarks>The gradient is that of the result; torchvision's also reaches the last row and column, whose values its forward pass leaves out.</remarks>
/// <param name="options">Bins and scale.</param>
public sealed class PositionSensitiveRoiPool(RoiPoolOptions options) : nn.Module<Tensor, Tensor, Tensor>(nameof(PositionSensitiveRoiPool))
{
    private readonly RoiPoolOptions _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Pools regions.</summary>
    /// <param name="features">[N, C · rows · columns, H, W], of a floating type.</param>
    /// <param name="regions">[K, 5] of (image, x1, y1, x2, y2), of the features' type and device.</param>
    /// <returns>[K, C, rows, columns]: channel c at bin b comes from channel c · rows · columns + b.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a region is of no image.</exception>
    public override Tensor forward(Tensor features, Tensor regions) => Compute(features, regions, _options);

    /// <summary>Pools regions.</summary>
    /// <param name="features">[N, C · rows · columns, H, W], of a floating type.</param>
    /// <param name="regions">[K, 5] of (image, x1, y1, x2, y2), of the features' type (or float32 beside half precision) and device.</param>
    /// <param name="options">Bins and scale.</param>
    /// <returns>[K, C, rows, columns]: channel c at bin b comes from channel c · rows · columns + b.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a region is of no image.</exception>
    public static Tensor Compute(Tensor features, Tensor regions, RoiPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        PositionSensitive.Check(features, regions, options.OutputHeight * options.OutputWidth);
        using var scope = NewDisposeScope();
        return RegionPrecision.Run([features], regions, (maps, boxes) => PositionSensitive.Pool(maps[0], boxes, options)).MoveToOuterDisposeScope();
    }
}
