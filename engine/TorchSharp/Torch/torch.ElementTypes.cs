using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>What a floating-point type can hold.</summary>
    public struct FInfo
    {
        public int bits;
        public double eps;
        public double max;
        public double min;
        public double resolution;
        public double smallest_normal;
        public double tiny;
    }

    public static FInfo finfo() => finfo(_defaultDtype);

    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float32 or ScalarType.ComplexFloat32 => Limits(32, 23, -126, float.MaxValue, 1e-6),
        ScalarType.Float64 or ScalarType.ComplexFloat64 => Limits(64, 52, -1022, double.MaxValue, 1e-15),
        ScalarType.Float16 => Limits(16, 10, -14, 65504, 1e-3),
        ScalarType.BFloat16 => Limits(16, 7, -126, 255 * Math.ScaleB(1, 120), 1e-2),
        _ => throw new ArgumentException($"{dtype} is no floating-point type.", nameof(dtype)),
    };

    private static FInfo Limits(int bits, int fractionBits, int lowestExponent, double max, double resolution) => new()
    {
        bits = bits,
        eps = Math.ScaleB(1, -fractionBits),
        max = max,
        min = -max,
        resolution = resolution,
        smallest_normal = Math.ScaleB(1, lowestExponent),
        tiny = Math.ScaleB(1, lowestExponent),
    };

    public static long max_int_value(ScalarType type) => type switch
    {
        ScalarType.Byte => byte.MaxValue,
        ScalarType.Int8 => sbyte.MaxValue,
        ScalarType.Int16 => short.MaxValue,
        ScalarType.Int32 => int.MaxValue,
        ScalarType.Int64 => long.MaxValue,
        _ => throw new ArgumentException($"{type} is no integer type.", nameof(type)),
    };

    public static ScalarType promote_types(ScalarType type1, ScalarType type2) => (ScalarType)atenInt("promote_types", type1, type2);
    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => (ScalarType)atenInt("result_type.Tensor", tensor1, tensor2);
    public static bool can_cast(ScalarType from, ScalarType to) => atenBool("can_cast", from, to);

    public static bool is_complex(Tensor input) => input.is_complex();
    public static bool is_floating_point(Tensor input) => input.is_floating_point();
    public static bool is_integral(Tensor t) => t.is_integral();

    public static Tensor BoolTensor(Tensor t) => t.@bool();
    public static Tensor ByteTensor(Tensor t) => t.@byte();
    public static Tensor DoubleTensor(Tensor t) => t.@double();
    public static Tensor FloatTensor(Tensor t) => t.@float();
    public static Tensor IntTensor(Tensor t) => t.@int();
    public static Tensor LongTensor(Tensor t) => t.@long();
    public static Tensor ShortTensor(Tensor t) => t.@short();
}
