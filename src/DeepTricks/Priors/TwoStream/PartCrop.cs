using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>Cuts one part out of each image, for a <see cref="TwoStreamNetwork"/>. A part that is missing is NaN all over, so that one tensor says both.</summary>
public static class PartCrop
{
    private const int Coordinates = 4;

    /// <summary>Cuts boxes out and scales them bilinearly to one size; the middle of a pixel is half a pixel from its border, as torchvision's aligned RoIAlign has it.</summary>
    /// <param name="images">[N, C, H, W], of a floating type. Gradients flow.</param>
    /// <param name="boxes">[N, 4], left, top, right, bottom in pixels, of the images' type. A box of no width or height, or of NaN, stands for a missing part.</param>
    /// <param name="height">The height of the crops.</param>
    /// <param name="width">The width of the crops.</param>
    /// <returns>[N, C, height, width]; NaN where the part is missing. Beyond the image its border goes on.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public static Tensor Crop(Tensor images, Tensor boxes, long height, long width)
    {
        Check(images, boxes);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        using var scope = NewDisposeScope();
        var (left, top, right, bottom) = (boxes.select(1, 0), boxes.select(1, 1), boxes.select(1, 2), boxes.select(1, 3));
        var missing = right.gt(left).logical_and(bottom.gt(top)).logical_not();

        // In the coordinates of grid_sample the image reaches from −1 to 1.
        var zero = zeros_like(left);
        var theta = stack(
        [
            stack([(right - left) / images.size(3), zero, ((left + right) / images.size(3)) - 1], 1),
            stack([zero, (bottom - top) / images.size(2), ((top + bottom) / images.size(2)) - 1], 1),
        ], 1);
        theta = theta.masked_fill(missing.reshape(-1, 1, 1), 0);
        var grid = nn.functional.affine_grid(theta, [images.size(0), images.size(1), height, width], align_corners: false);
        var crops = nn.functional.grid_sample(images, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false);
        return crops.masked_fill(missing.reshape(-1, 1, 1, 1), double.NaN).MoveToOuterDisposeScope();
    }

    /// <summary>Image and crop of each sample in one tensor, as <see cref="TwoStreamNetwork.forward"/> takes them: data is prepared once, and any training loop takes it.</summary>
    /// <param name="images">[N, C, H, W], of a floating type.</param>
    /// <param name="boxes">[N, 4], left, top, right, bottom in pixels; a box of no width or height, or of NaN, stands for a missing part.</param>
    /// <returns>[N, 2, C, H, W], the crop at the size of the image.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public static Tensor Pairs(Tensor images, Tensor boxes)
    {
        Check(images, boxes);
        using var scope = NewDisposeScope();
        return stack([images, Crop(images, boxes, images.size(2), images.size(3))], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Which parts are there: those whose first number is not NaN.</summary>
    /// <param name="parts">[N, ...].</param>
    /// <returns>[N], bool.</returns>
    internal static Tensor Present(Tensor parts) => parts.flatten(1).select(1, 0).isnan().logical_not();

    private static void Check(Tensor images, Tensor boxes)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(boxes);
        if (images.dim() != 4 || !images.is_floating_point() || images.numel() == 0)
        {
            throw new ArgumentException($"Expected images [N, C, H, W] of a floating type; the shape is {images.ShapeText()}, the type {images.dtype}.", nameof(images));
        }

        if (boxes.dim() != 2 || boxes.size(0) != images.size(0) || boxes.size(1) != Coordinates || boxes.dtype != images.dtype || !boxes.SharesDeviceWith(images))
        {
            throw new ArgumentException(
                $"Expected boxes [{images.size(0)}, {Coordinates}] of type {images.dtype} on {images.device}; the shape is {boxes.ShapeText()}, "
                + $"the type {boxes.dtype}, the device {boxes.device}.", nameof(boxes));
        }
    }
}
