using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Images of several sizes as one tensor, each at its top left corner, and what it takes to find back to them.</summary>
/// <param name="Images">[N, C, H, W], zero where an image does not reach.</param>
/// <param name="Sizes">The sizes of the resized images, without the padding.</param>
/// <param name="OriginalSizes">The sizes of the images as they were given.</param>
/// <param name="Targets">The targets in pixels of the resized images; empty where there are none.</param>
/// <remarks>The tensors belong to the dispose scope in which the batch was made.</remarks>
public sealed record ImageBatch(Tensor Images, IReadOnlyList<ImageSize> Sizes, IReadOnlyList<ImageSize> OriginalSizes, IReadOnlyList<DetectionTarget> Targets)
{
    /// <summary>The size of the padded images.</summary>
    public ImageSize PaddedSize => new(Images.size(2), Images.size(3));
}
