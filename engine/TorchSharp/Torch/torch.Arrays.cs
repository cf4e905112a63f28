using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>A tensor over an array of any rank, in its shape: both see what the other writes, unless type or device differ or the numbers are complex.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device ?? CPU);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var type = ElementTypes.Of(rawArray.GetType().GetElementType()!);
        // Complex numbers are copied: pairs cannot be pinned, and libtorch wants each at a multiple of its size. An empty array has no memory to share.
        if (type == ScalarType.ComplexFloat32) return FromElements(Elements<(float, float)>(rawArray), Lengths(rawArray), dtype, device, requires_grad, names);
        if (type == ScalarType.ComplexFloat64) return FromElements(Elements<Complex>(rawArray), Lengths(rawArray), dtype, device, requires_grad, names);
        if (rawArray.Length == 0) return empty(Lengths(rawArray), dtype ?? type, device, requires_grad, names);
        return Placed(SharedMemory.Over(rawArray, type, Lengths(rawArray)), dtype, device, requires_grad, names);
    }

    /// <summary>A tensor over the elements of an array from <paramref name="offset"/> on: both see what the other writes, unless the type differs.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        if (offset < 0 || offset >= rawArray.LongLength) throw new ArgumentException($"The offset {offset} lies outside of an array of {rawArray.LongLength} elements.", nameof(offset));
        if (count > rawArray.LongLength - offset) throw new IndexOutOfRangeException($"{count} elements from {offset} on do not lie in an array of {rawArray.LongLength} elements.");
        using var scope = NewDisposeScope();
        var part = from_array(rawArray).flatten().narrow(0, offset, count < 0 ? rawArray.LongLength - offset : count);
        return Placed(part, dtype, CPU, requires_grad).MoveToOuterDisposeScope();
    }

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) => data.to(dtype ?? data.dtype, device ?? data.device);
    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);
    public static Tensor as_tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(short[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(sbyte[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(IList<bool> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<byte> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<double> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<short> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<int> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<long> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<sbyte> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<float> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<Complex> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<(float, float)> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(Complex[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor((float, float)[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);

    private static Tensor FromElements<T>(ReadOnlySpan<T> elements, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad, string[]? names = null) where T : unmanaged
    {
        long count = 1;
        foreach (var size in dimensions) count *= size;
        if (count > elements.Length) throw new ArgumentException($"{elements.Length} elements do not fill a tensor of shape [{string.Join(", ", dimensions.ToArray())}].", nameof(dimensions));
        var made = aten("empty.memory_format", dimensions, ElementTypes.Of(typeof(T)), Value.None, CPU);
        elements[..(int)count].CopyTo(new Span<T>(made.DataPointer, (int)count));
        return Placed(made, dtype, device, requires_grad, names);
    }

    /// <summary>A tensor on the CPU as the type, and on the device, that its maker was asked for.</summary>
    private static Tensor Placed(Tensor made, ScalarType? dtype, Device? device, bool requires_grad, string[]? names = null)
    {
        var place = InitializeDevice(device);
        if ((dtype ?? made.dtype) != made.dtype || place.type != DeviceType.CPU)
        {
            using var source = made;
            made = source.to(dtype ?? source.dtype, place);
        }
        return Created(made, requires_grad, names);
    }

    /// <summary>The elements of an array of any rank, in the order of their indices.</summary>
    private static ReadOnlySpan<T> Elements<T>(Array array) where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static ReadOnlySpan<T> Elements<T>(IList<T> list) => list switch
    {
        T[] array => array,
        List<T> inner => CollectionsMarshal.AsSpan(inner),
        _ => list.ToArray(),
    };

    private static long[] Lengths(Array array)
    {
        var lengths = new long[array.Rank];
        for (var i = 0; i < lengths.Length; i++) lengths[i] = array.GetLongLength(i);
        return lengths;
    }
}
