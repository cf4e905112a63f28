using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>Tensors over the memory of managed arrays, which stay where they are as long as a tensor sees them.</summary>
internal static unsafe class SharedMemory
{
    /// <summary>A tensor over the first elements of an array; both see what the other writes.</summary>
    public static Tensor Over(Array array, ScalarType dtype, ReadOnlySpan<long> shape)
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        nint made;
        int failed;
        fixed (long* sizes = shape)
            failed = NativeMethods.engine_tensor_over((void*)pin.AddrOfPinnedObject(), sizes, shape.Length, (int)dtype, &Release, GCHandle.ToIntPtr(pin), &made);
        if (failed != 0) pin.Free();
        NativeMethods.Check(failed);
        return new(made);
    }

    [UnmanagedCallersOnly]
    private static void Release(nint pin) => GCHandle.FromIntPtr(pin).Free();
}
