using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>The memory of tensors on the CPU, for kernels.</summary>
internal static unsafe class CpuMemory
{
    /// <summary>Whether a kernel can have the tensor's memory: on the CPU, and no longer than a span.</summary>
    internal static bool FitsSpan(this Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.numel() <= int.MaxValue / tensor.ElementSize;

    /// <summary>Where the elements of a contiguous tensor stand: its memory never moves, so the address may leave the span.</summary>
    internal static T* Address<T>(this Tensor tensor) where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
