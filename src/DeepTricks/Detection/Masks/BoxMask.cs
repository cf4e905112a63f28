using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>A mask over the part of an image that a box covers.</summary>
/// <param name="Top">The image's row of the mask's first.</param>
/// <param name="Left">The image's column of the mask's first.</param>
/// <param name="Mask">[h, w], bool.</param>
public sealed record BoxMask(long Top, long Left, Tensor Mask) : IDisposable
{
    /// <summary>Disposes of the mask.</summary>
    public void Dispose() => Mask.Dispose();
}
