using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Tensors of one element as numbers, numbers as tensors.</summary>
public static partial class TensorExtensionMethods
{
    /// <summary>A parameter in the place of the tensor, which is invalid afterwards.</summary>
    public static Modules.Parameter AsParameter(this Tensor tensor) => new(tensor);

    public static bool ToBoolean(this Tensor value) => value.ToScalar().AsInt64 != 0;
    public static byte ToByte(this Tensor value) => (byte)value.ToScalar().AsInt64;
    public static sbyte ToSByte(this Tensor value) => (sbyte)value.ToScalar().AsInt64;
    public static short ToInt16(this Tensor value) => (short)value.ToScalar().AsInt64;
    public static int ToInt32(this Tensor value) => (int)value.ToScalar().AsInt64;
    public static long ToInt64(this Tensor value) => value.ToScalar().AsInt64;
    public static Half ToHalf(this Tensor value) => (Half)value.ToScalar().AsDouble;
    public static float ToSingle(this Tensor value) => (float)value.ToScalar().AsDouble;
    public static double ToDouble(this Tensor value) => value.ToScalar().AsDouble;
    public static (float, float) ToComplex32(this Tensor value) => value.ToScalar().ToComplexFloat32();
    public static Complex ToComplex64(this Tensor value) => value.ToScalar().ToComplexFloat64();
    public static (float, float) ToComplexFloat32(this Tensor value) => value.ToScalar().ToComplexFloat32();
    public static Complex ToComplexFloat64(this Tensor value) => value.ToScalar().ToComplexFloat64();

    /// <summary>Bytes of one element.</summary>
    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new ArgumentException($"unknown element type {type}", nameof(type)),
    };

    public static ReadOnlySpan<int> IntShape(this Tensor tensor) => tensor.shape.Select(size => (int)size).ToArray();

    /// <summary>How many elements a tensor of a shape has.</summary>
    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    public static Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false)
    {
        using var flat = from_array(doCopy ? (T[])rawArray.Clone() : rawArray);
        var shaped = flat.reshape(dimensions);
        if (requires_grad) shaped.requires_grad = true;
        return shaped;
    }

    public static Tensor ToTensor<T>(this T scalar, Device? device = null, bool requires_grad = false) where T : struct
    {
        using var one = from_array(new[] { scalar }, null, device);
        var shaped = one.reshape([]);
        if (requires_grad) shaped.requires_grad = true;
        return shaped;
    }
}
