using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>The numbers of tensors on the CPU.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Whether a kernel can have the tensor's memory as a span: on the CPU, and no longer than one.</summary>
    public static bool FitsSpan(this Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.numel() <= int.MaxValue / tensor.ElementSize;

    /// <summary>Where the elements of a contiguous tensor stand that fits a span. The memory of a tensor never moves, so the address may leave the span.</summary>
    public static T* Address<T>(this Tensor tensor) where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>Where the elements of a contiguous tensor of any length stand; 0 where it has none.</summary>
    public static nint Address(Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            return 0;
        }

        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>A copy of the numbers of a tensor on the CPU, whose type is theirs.</summary>
    public static T[] Values<T>(this Tensor tensor)
        where T : unmanaged
    {
        using var contiguous = tensor.contiguous();
        return MemoryMarshal.Cast<byte, T>(contiguous.bytes).ToArray();
    }

    /// <summary>A tensor of a type, which T is, with these numbers.</summary>
    public static Tensor Of<T>(T[] values, long[] shape, ScalarType dtype)
        where T : unmanaged
    {
        var made = empty(shape, dtype);
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(made.bytes);
        return made;
    }
}
