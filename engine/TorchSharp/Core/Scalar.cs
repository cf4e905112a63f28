using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A single number of any element type; numbers convert to it implicitly.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(ScalarType type) => Type = type;

    internal Scalar(long value, ScalarType type) : this(type) => Integer = value;

    internal Scalar(double value, ScalarType type) : this(type) => Real = value;

    internal Scalar(Complex value, ScalarType type) : this(type) => Complex = value;

    /// <summary>The element type that the scalar was made with.</summary>
    public ScalarType Type { get; }

    internal long Integer { get; }
    internal double Real { get; }
    internal Complex Complex { get; }
    internal bool IsBoolean => Type == ScalarType.Bool;
    internal bool IsReal => Type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;
    internal bool IsComplex => Type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    /// <summary>The value as a double, whatever its type; the real part of a complex number.</summary>
    internal double AsDouble => IsReal ? Real : IsComplex ? Complex.Real : Integer;

    /// <summary>The value as a 64-bit integer, truncated towards zero.</summary>
    internal long AsInt64 => IsReal ? (long)Real : IsComplex ? (long)Complex.Real : Integer;

    internal Complex AsComplex => IsComplex ? Complex : AsDouble;

    /// <summary>Does nothing: a scalar holds no native memory. It is here because the interface of the original has it.</summary>
    public void Dispose()
    {
    }

    public override string ToString() => IsComplex ? Complex.ToString() : IsReal ? Real.ToString(System.Globalization.CultureInfo.InvariantCulture) : IsBoolean ? (Integer != 0).ToString() : Integer.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static implicit operator Scalar(byte value) => new(value, ScalarType.Byte);
    public static implicit operator Scalar(sbyte value) => new(value, ScalarType.Int8);
    public static implicit operator Scalar(short value) => new(value, ScalarType.Int16);
    public static implicit operator Scalar(int value) => new(value, ScalarType.Int32);
    public static implicit operator Scalar(long value) => new(value, ScalarType.Int64);
    public static implicit operator Scalar(Half value) => new((double)value, ScalarType.Float16);
    public static implicit operator Scalar(float value) => new((double)value, ScalarType.Float32);
    public static implicit operator Scalar(double value) => new(value, ScalarType.Float64);
    public static implicit operator Scalar(bool value) => new(value ? 1 : 0, ScalarType.Bool);
    public static implicit operator Scalar((float, float) value) => new(new Complex(value.Item1, value.Item2), ScalarType.ComplexFloat32);
    public static implicit operator Scalar(Complex value) => new(value, ScalarType.ComplexFloat64);
}
