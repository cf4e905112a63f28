using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Regions as one tensor [K, 5] of (image, x1, y1, x2, y2).</summary>
public static class Regions
{
    /// <summary>Puts the boxes of several images into one tensor, each with the number of its image before it.</summary>
    /// <param name="boxes">[L, 4] of (x1, y1, x2, y2) for each image, of one floating type on one device; L may be 0.</param>
    /// <returns>[K, 5], in the order of the images.</returns>
    /// <exception cref="ArgumentException">There is no image, or something is not [L, 4].</exception>
    public static Tensor FromBoxes(IReadOnlyList<Tensor> boxes)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        if (boxes.Count == 0)
        {
            throw new ArgumentException("There are no images.", nameof(boxes));
        }

        RegionChecks.BoxesOfImages(boxes, boxes.Count);
        using var scope = NewDisposeScope();
        return cat([.. boxes.Select((one, image) => cat([one.new_full([one.shape[0], 1], image), one], 1))]).MoveToOuterDisposeScope();
    }
}
