using DeepTricks.Backbones;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>What the blocks and networks of RefineNet do with their layers.</summary>
internal static class RefinementLayers
{
    private const int ImageDimensions = 4;

    /// <summary>A square convolution that keeps the size, with PyTorch's own first weights.</summary>
    internal static Conv2d Convolution(long input, long output, long kernel, bool bias, Device? device, Generator? generator)
    {
        var layer = nn.Conv2d(input, output, kernel, padding: kernel / 2, bias: bias, device: device);
        if (generator is not null) Layers.Uniform(layer, generator);
        return layer;
    }

    /// <inheritdoc cref="Convolution(long, long, long, bool, Device?, Generator?)"/>
    internal static Conv2d Convolution(long input, long output, RefinementBlockOptions options, bool bias = false) =>
        Convolution(input, output, options.KernelSize, bias, options.Device, options.Generator);

    internal static long CheckChannels(long channels, string name) =>
        channels > 0 ? channels : throw new ArgumentOutOfRangeException(name, channels, "Expected at least 1.");

    /// <summary>Refuses what the first convolution of a block or a network could not take.</summary>
    internal static void CheckFeatures(Tensor features, Conv2d first, string name)
    {
        ArgumentNullException.ThrowIfNull(features, name);
        var weight = first.weight;
        if (features.dim() != ImageDimensions || features.size(1) != weight.size(1) || features.size(2) == 0 || features.size(3) == 0)
            throw new ArgumentException($"Expected [N, {weight.size(1)}, H, W] with at least one pixel, and {features.ShapeText()} came.", name);
        if (features.dtype != weight.dtype)
            throw new ArgumentException($"Expected the weights' type, {weight.dtype}, and {features.dtype} came.", name);
        if (!features.SharesDeviceWith(weight))
            throw new ArgumentException($"Expected a tensor on the weights' device, {weight.device}, and it is on {features.device}.", name);
    }

    /// <summary>The features at another size, bilinear with aligned corners; themselves where they have it already.</summary>
    internal static Tensor Resized(Tensor features, long height, long width) =>
        features.size(2) == height && features.size(3) == width
            ? features
            : nn.functional.interpolate(features, [height, width], mode: InterpolationMode.Bilinear, align_corners: true);

    /// <summary>
    /// Adds features of another size in the memory of the sum, which must be the caller's own and of no use to a gradient: what a convolution or
    /// an addition gave. The features are disposed of.
    /// </summary>
    internal static Tensor AddResized(Tensor sum, Tensor features)
    {
        var resized = Resized(features, sum.size(2), sum.size(3));
        sum.add_(resized);
        if (!ReferenceEquals(resized, features)) resized.Dispose();
        features.Dispose();
        return sum;
    }
}
