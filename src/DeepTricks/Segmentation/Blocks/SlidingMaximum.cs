using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>Maximum pooling with stride 1 that keeps the size.</summary>
internal static class SlidingMaximum
{
    /// <summary>The maximum over a square window around each pixel.</summary>
    /// <param name="features">[N, C, H, W].</param>
    /// <param name="side">The side of the window, odd.</param>
    internal static Tensor Of(Tensor features, int side)
    {
        if (!Suits(features, side)) return InTensors(features, side);
        if (!is_grad_enabled() || !features.requires_grad) return SlidingMaximumFunction.Values(features, side);
        return SlidingMaximumFunction.apply(features, side);
    }

    /// <summary>The same by libtorch, on any device.</summary>
    internal static Tensor InTensors(Tensor features, int side) => nn.functional.max_pool2d(features, side, 1, side / 2);

    // Where channels lie next to each other libtorch's own kernel is fast.
    private static bool Suits(Tensor features, int side) =>
        side is > 1 and <= SlidingMaximumPlanes.LargestSide && features.dtype == ScalarType.Float32 && features.device_type == TorchSharp.DeviceType.CPU
        && features.is_contiguous() && features.numel() is > 0 and < int.MaxValue / sizeof(float);
}
