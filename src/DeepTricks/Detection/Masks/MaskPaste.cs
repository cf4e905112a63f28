using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Puts the small masks that a network predicts for boxes into the image, as torchvision's <c>paste_masks_in_image</c>.</summary>
/// <remarks>
/// A mask gets a border of zeros, its box grows in proportion about its centre and is truncated to whole pixels, both ends included, and the mask is
/// resized to it bilinearly. The values stay probabilities: a mask is where they are above 0.5.
/// </remarks>
public static class MaskPaste
{
    /// <summary>A border of 1, as in torchvision.</summary>
    public const int DefaultPadding = 1;

    /// <summary>Whole images of probabilities, 0 outside the boxes. They take N · height · width numbers; <see cref="IntoBoxes"/> takes far less.</summary>
    /// <param name="masks">[N, 1, M, M], of a floating type.</param>
    /// <param name="boxes">[N, 4] of (x1, y1, x2, y2) in pixels of the image, of a floating type, on the same device.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="padding">Zeros put around a mask.</param>
    /// <returns>[N, 1, height, width], of the masks' type.</returns>
    /// <exception cref="ArgumentException">A shape, type, device or size does not fit.</exception>
    public static Tensor IntoImages(Tensor masks, Tensor boxes, long height, long width, int padding = DefaultPadding)
    {
        Check(masks, boxes, height, width, padding);
        using var scope = NewDisposeScope();
        var images = torch.zeros([masks.shape[0], 1, height, width], masks.dtype, masks.device);
        var places = Places(masks, boxes, padding);
        var padded = Pad(masks.detach(), padding);
        for (var i = 0; i < places.Length; i++)
        {
            using var one = NewDisposeScope();
            if (places[i].Clip(height, width) is { } seen)
            {
                images[i, 0].narrow(0, seen.Top, seen.Height).narrow(1, seen.Left, seen.Width).copy_(Visible(padded, i, places[i], seen));
            }
        }

        return images.MoveToOuterDisposeScope();
    }

    /// <summary>Only the part of the image that each box covers: what is in the box, and where it is.</summary>
    /// <param name="masks">[N, 1, M, M], of a floating type.</param>
    /// <param name="boxes">[N, 4] of (x1, y1, x2, y2) in pixels of the image, of a floating type, on the same device.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="threshold">A pixel belongs to the mask where its probability is above this; 0.5 by default.</param>
    /// <param name="padding">Zeros put around a mask.</param>
    /// <returns>One for each box, to be disposed of; empty where the box is outside the image.</returns>
    /// <exception cref="ArgumentException">A shape, type, device or size does not fit.</exception>
    public static IReadOnlyList<BoxMask> IntoBoxes(Tensor masks, Tensor boxes, long height, long width, double threshold = 0.5, int padding = DefaultPadding)
    {
        Check(masks, boxes, height, width, padding);
        using var scope = NewDisposeScope();
        var places = Places(masks, boxes, padding);
        var padded = Pad(masks.detach(), padding);
        var pasted = new BoxMask[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            pasted[i] = places[i].Clip(height, width) is { } seen
                ? new(seen.Top, seen.Left, Visible(padded, i, places[i], seen).gt(threshold).MoveToOuterDisposeScope())
                : new(0, 0, torch.zeros([0, 0], ScalarType.Bool, masks.device).MoveToOuterDisposeScope());
        }

        return pasted;
    }

    private static Tensor Pad(Tensor masks, int padding) => nn.functional.pad(masks, [padding, padding, padding, padding]);

    /// <summary>The part of the resized mask that lies in the image.</summary>
    private static Tensor Visible(Tensor padded, int index, PixelBox place, PixelBox seen)
    {
        var resized = nn.functional.interpolate(padded.narrow(0, index, 1), [place.Height, place.Width], mode: InterpolationMode.Bilinear, align_corners: false);
        return resized[0, 0].narrow(0, seen.Top - place.Top, seen.Height).narrow(1, seen.Left - place.Left, seen.Width);
    }

    private static PixelBox[] Places(Tensor masks, Tensor boxes, int padding)
    {
        var size = masks.shape[^1];
        var scale = (double)(size + (2 * padding)) / size;
        var (x1, y1, x2, y2) = (Boxes.Side(boxes, 0), Boxes.Side(boxes, 1), Boxes.Side(boxes, 2), Boxes.Side(boxes, 3));
        var (width, height) = ((x2 - x1) * 0.5 * scale, (y2 - y1) * 0.5 * scale);
        var (x, y) = ((x2 + x1) * 0.5, (y2 + y1) * 0.5);
        var whole = stack([x - width, y - height, x + width, y + height], 1).to(ScalarType.Int64).cpu().Values<long>();
        return [.. Enumerable.Range(0, whole.Length / 4).Select(i => PixelBox.FromEnds(whole.AsSpan(4 * i, 4)))];
    }

    private static void Check(Tensor masks, Tensor boxes, long height, long width, int padding)
    {
        ArgumentNullException.ThrowIfNull(masks);
        if (masks.dim() != 4 || masks.shape[1] != 1 || masks.shape[2] != masks.shape[3] || masks.shape[2] < 1)
        {
            throw new ArgumentException($"Expected masks of shape [N, 1, M, M]; the shape is {masks.ShapeText()}.", nameof(masks));
        }

        BoxChecks.Floating(masks);
        BoxChecks.Boxes(boxes);
        BoxChecks.Floating(boxes);
        BoxChecks.Together(boxes, masks);
        if (boxes.shape[0] != masks.shape[0])
        {
            throw new ArgumentException($"Expected a box for each of {masks.shape[0]} masks; there are {boxes.shape[0]}.", nameof(boxes));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
    }
}
