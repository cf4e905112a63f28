using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>Where tensors are.</summary>
internal static class TensorDevices
{
    /// <summary>Whether two tensors are on one device; TorchSharp's devices are equal to themselves alone.</summary>
    internal static bool SharesDeviceWith(this Tensor tensor, Tensor other) =>
        tensor.device_type == other.device_type && tensor.device_index == other.device_index;
}
