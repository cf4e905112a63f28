using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Cuts regions out of a picture as squares of one size, for a network that takes no other (Girshick et al., 2014).</summary>
/// <remarks>
/// The authors' code rounds the grown region to pixels before it resizes it; here it is sampled where it lies. What lies outside of the picture
/// is 0, which is the mean where the picture was normalised before.
/// </remarks>
public static class RegionWarp
{
    private const int ImageDimensions = 3;

    /// <summary>Cuts regions out.</summary>
    /// <param name="image">[C, H, W] of a floating type, normalised.</param>
    /// <param name="boxes">[N, 4]: left, top, right and bottom in pixels, of the picture's type and device; N may be 0.</param>
    /// <param name="options">Size, padding and mode; see <see cref="RegionWarpOptions"/> for the defaults.</param>
    /// <returns>[N, C, size, size], differentiable with respect to the picture.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or the padding leaves nothing of a crop.</exception>
    public static Tensor Crop(Tensor image, Tensor boxes, RegionWarpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(boxes);
        if (image.dim() != ImageDimensions || !image.is_floating_point())
            throw new ArgumentException($"Expected a picture [C, H, W] of a floating type, and {image.ShapeText()} {image.dtype} came.", nameof(image));
        if (boxes.dim() != 2 || boxes.size(1) != 4 || boxes.dtype != image.dtype || !boxes.SharesDeviceWith(image))
        {
            throw new ArgumentException(
                $"Expected boxes [N, 4] {image.dtype} on {image.device}, and {boxes.ShapeText()} {boxes.dtype} on {boxes.device} came.", nameof(boxes));
        }

        options ??= new();
        using var scope = NewDisposeScope();
        var (center, half) = Grown(boxes, options);
        var crops = RoiAlign.Compute(
            image.unsqueeze(0), [cat([center - half, center + half], 1)], new(options.Size) { SamplingRatio = options.SamplingRatio, Aligned = true });
        return (options.Mode == RegionWarpMode.SquareWithoutContext ? crops * Inside(boxes, center, half, options.Size) : crops).MoveToOuterDisposeScope();
    }

    private static (Tensor Center, Tensor Half) Grown(Tensor boxes, RegionWarpOptions options)
    {
        var (first, last) = (boxes.narrow(1, 0, 2), boxes.narrow(1, 2, 2));
        var half = (last - first) / 2;
        if (options.Mode != RegionWarpMode.Warp) half = half.amax([1], keepdim: true).expand_as(half);
        return ((first + last) / 2, half * options.Growth);
    }

    /// <summary>1 where a pixel of a crop lies in its region and 0 elsewhere, [N, 1, size, size].</summary>
    private static Tensor Inside(Tensor boxes, Tensor center, Tensor half, int size)
    {
        // The pixels' centres from −1 to 1, over the square; [N, 2, size] in the picture.
        var places = (arange(size, dtype: boxes.dtype, device: boxes.device) + 0.5) * (2.0 / size) - 1;
        var at = center.unsqueeze(2) + (half.unsqueeze(2) * places);
        var inside = at.ge(boxes.narrow(1, 0, 2).unsqueeze(2)).logical_and(at.le(boxes.narrow(1, 2, 2).unsqueeze(2)));
        var (columns, rows) = (inside.select(1, 0), inside.select(1, 1));
        return rows.unsqueeze(2).logical_and(columns.unsqueeze(1)).unsqueeze(1).to(boxes.dtype);
    }
}
