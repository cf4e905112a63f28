using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Splits an image into segments of even colour by merging along the edges of the pixel grid (Felzenszwalb and Huttenlocher, "Efficient Graph-Based
/// Image Segmentation", 2004).
/// </summary>
public static class GraphSegmentation
{
    /// <summary>Segments an image. It runs on the CPU whatever the image's device.</summary>
    /// <param name="image">[C, H, W], floating point in [0, 1] or Byte.</param>
    /// <param name="options">The settings; see <see cref="GraphSegmentationOptions"/> for the defaults.</param>
    /// <returns>[H, W] int64 on the image's device: the segment of each pixel, numbered from 0 in the order of their first pixels.</returns>
    /// <exception cref="ArgumentException">The image has another shape or dtype, or values outside [0, 1].</exception>
    public static Tensor Segment(Tensor image, GraphSegmentationOptions? options = null)
    {
        options ??= new();
        var pixels = ImagePixels.Read(image);
        var planes = pixels.Planes().Select(plane => GaussianFilter.Smooth(plane, pixels.Width, pixels.Height, options.Sigma)).ToArray();
        var (labels, _) = new PixelGraph(planes, pixels.Width, pixels.Height).Segment(options.Scale / byte.MaxValue, options.MinimumSize);
        using var scope = NewDisposeScope();
        return tensor(Array.ConvertAll(labels, label => (long)label), [pixels.Height, pixels.Width], device: image.device).MoveToOuterDisposeScope();
    }
}
