using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepTricks.Kernels;

/// <summary>The logistic function of single-precision vectors, without overflow.</summary>
internal static class VectorSigmoid
{
    /// <summary>1 / (1 + e^−x), and beside it its complement 1 / (1 + e^x), to full precision both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x, out Vector<float> complement)
    {
        var small = VectorExp.Of(-Vector.Abs(x));
        var scale = Vector<float>.One / (Vector<float>.One + small);
        var positive = Vector.GreaterThanOrEqual(x, Vector<float>.Zero);
        small *= scale;
        complement = Vector.ConditionalSelect(positive, small, scale);
        return Vector.ConditionalSelect(positive, scale, small);
    }

    /// <summary>log(1 + x) for x in [0, 1], also where x is so small that 1 + x is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LogOnePlus(Vector<float> x)
    {
        // What rounding made of 1 + x is divided out again.
        var sum = Vector<float>.One + x;
        var rounded = sum - Vector<float>.One;
        var logarithm = Vector.Log(sum);
        return Vector.ConditionalSelect(Vector.Equals(rounded, Vector<float>.Zero), x, logarithm * (x / rounded));
    }
}
