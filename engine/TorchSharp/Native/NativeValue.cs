using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>What a value is; mirrors Tag in engine/native/operators.cpp.</summary>
internal enum Tag
{
    None, Tensor, Int, Double, Bool, Complex, String, Device, Generator,
    IntList, DoubleList, BoolList, TensorList, Slot,
}

/// <summary>A value as the native library reads and returns it; mirrors Value in engine/native/operators.cpp.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct NativeValue
{
    [FieldOffset(0)] public Tag Tag;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long Integer;
    [FieldOffset(8)] public double Real;
    [FieldOffset(8)] public void* Pointer;
}
