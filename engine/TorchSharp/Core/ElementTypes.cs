using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Which managed type stands for which element type.</summary>
internal static class ElementTypes
{
    /// <summary>The element type of tensors that are made from arrays of <paramref name="type"/>.</summary>
    public static ScalarType Of(Type type) =>
        type == typeof(float) ? ScalarType.Float32
        : type == typeof(double) ? ScalarType.Float64
        : type == typeof(long) ? ScalarType.Int64
        : type == typeof(int) ? ScalarType.Int32
        : type == typeof(short) ? ScalarType.Int16
        : type == typeof(sbyte) ? ScalarType.Int8
        : type == typeof(byte) ? ScalarType.Byte
        : type == typeof(bool) ? ScalarType.Bool
        : type == typeof(Half) ? ScalarType.Float16
        : type == typeof((float, float)) ? ScalarType.ComplexFloat32
        : type == typeof(Complex) ? ScalarType.ComplexFloat64
        : throw new NotSupportedException($"no tensor has elements of type {type.Name}");

    /// <summary>Throws unless elements of <paramref name="dtype"/> can be read as <typeparamref name="T"/>.</summary>
    public static void Require<T>(ScalarType dtype) where T : unmanaged
    {
        if (Of(typeof(T)) == dtype) return;
        if (typeof(T) == typeof(float) && dtype is ScalarType.Float16 or ScalarType.BFloat16) return;
        throw new ArgumentException($"The tensor's elements are of type {dtype}; they cannot be read as {typeof(T).Name}.");
    }
}
