using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Testing;

/// <summary>
/// What golden.py's <c>sample</c> keeps of a tensor: shape, dtype, sum, sum of magnitudes, and values at some flat indices.
/// A complex tensor counts as the real one of its parts, with a last dimension of two.
/// </summary>
public sealed record GoldenSample(string Name, long[] Shape, string Dtype, double Sum, double Abs, long[] At, double[] Values)
{
    private static readonly Dictionary<string, ScalarType> Dtypes = new()
    {
        ["float64"] = ScalarType.Float64,
        ["float32"] = ScalarType.Float32,
        ["float16"] = ScalarType.Float16,
        ["bfloat16"] = ScalarType.BFloat16,
        ["int64"] = ScalarType.Int64,
        ["int32"] = ScalarType.Int32,
        ["int16"] = ScalarType.Int16,
        ["int8"] = ScalarType.Int8,
        ["uint8"] = ScalarType.Byte,
        ["bool"] = ScalarType.Bool,
        ["complex64"] = ScalarType.ComplexFloat32,
        ["complex128"] = ScalarType.ComplexFloat64,
    };

    /// <summary>The dtype that PyTorch calls so.</summary>
    public static ScalarType DtypeOf(string name) => Dtypes[name];

    /// <summary>
    /// Fails, naming the element, unless the tensor has the sample's shape, dtype and numbers: each within
    /// absolute + relative * |expected|. The defaults follow the dtype: 1e-5 and 1e-6 for float32, 1e-9 and 1e-11 for float64.
    /// </summary>
    public void AssertEqual(Tensor? actual, double? relative = null, double? absolute = null)
    {
        var difference = Difference(actual, relative, absolute);
        Assert.True(difference is null, difference);
    }

    /// <summary>What is different, or null where nothing is.</summary>
    public string? Difference(Tensor? actual, double? relative = null, double? absolute = null)
    {
        if (actual is null) return $"{Name}: no tensor came.";
        if (actual.dtype != DtypeOf(Dtype)) return $"{Name}: the dtype is {actual.dtype}, and {Dtype} was expected.";
        if (!actual.shape.SequenceEqual(Shape)) return $"{Name}: the shape is [{string.Join(", ", actual.shape)}], and [{string.Join(", ", Shape)}] was expected.";

        var (rtol, atol) = Tolerances(actual.dtype);
        (rtol, atol) = (relative ?? rtol, absolute ?? atol);
        var numbers = NumbersOf(actual);
        for (var i = 0; i < At.Length; i++)
            if (Differs(numbers[At[i]], Values[i], atol + rtol * Math.Abs(Values[i])) is { } one) return $"{Name}: element {IndexOf(At[i])} {one}";

        // The sums see the elements between the sampled ones; errors of rounding in them grow with the magnitudes summed.
        var allowed = atol * Math.Max(numbers.Length, 1) + rtol * Math.Abs(Abs);
        if (Differs(numbers.Sum(Math.Abs), Abs, allowed) is { } magnitude) return $"{Name}: the sum of magnitudes {magnitude}";
        return Differs(numbers.Sum(), Sum, allowed) is { } sum ? $"{Name}: the sum {sum}" : null;
    }

    private static (double Relative, double Absolute) Tolerances(ScalarType dtype) => dtype switch
    {
        ScalarType.Float32 or ScalarType.ComplexFloat32 => (1e-5, 1e-6),
        ScalarType.Float64 or ScalarType.ComplexFloat64 => (1e-9, 1e-11),
        ScalarType.Float16 => (2e-3, 1e-4),
        ScalarType.BFloat16 => (2e-2, 1e-3),
        _ => (0, 0),
    };

    private static string? Differs(double actual, double expected, double allowed)
    {
        if (actual.Equals(expected) || Math.Abs(actual - expected) <= allowed) return null;
        return FormattableString.Invariant($"is {actual:R}, and {expected:R} was expected: off by {Math.Abs(actual - expected):G3}, allowed {allowed:G3}.");
    }

    private static double[] NumbersOf(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var real = tensor.is_complex() ? view_as_real(tensor.resolve_conj()) : tensor;
        // A copy, since libtorch has tensors of zeros that are nowhere in memory.
        return real.to(ScalarType.Float64, CPU).contiguous().clone().reshape(-1).data<double>().ToArray();
    }

    private string IndexOf(long flat)
    {
        var sizes = Dtypes[Dtype] is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64 ? [.. Shape, 2] : Shape;
        var index = new long[sizes.Length];
        for (var i = sizes.Length - 1; i >= 0; i--) (flat, index[i]) = Math.DivRem(flat, sizes[i]);
        return $"[{string.Join(", ", index)}]";
    }
}
