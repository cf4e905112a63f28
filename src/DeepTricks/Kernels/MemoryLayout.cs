using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>How the numbers of pictures lie in memory.</summary>
internal static class MemoryLayout
{
    /// <summary>The same pictures with the channels of a pixel side by side, in the dispose scope of the caller; itself where it is no batch of pictures on the CPU.</summary>
    internal static Tensor ChannelsLast(Tensor input)
    {
        if (input.dim() != 4 || input.device_type != DeviceType.CPU) return input;
        using var scope = NewDisposeScope();
        return input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
