using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepTricks.Kernels;

/// <summary>The exponential of single-precision vectors in single precision; the runtime's own computes in double and takes three times as long.</summary>
internal static class VectorExp
{
    private const float Log2OfE = 1.44269504f;

    // ln 2 in two parts: the first has so few bits that a whole number of exponents times it is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Adding it rounds to a whole number, and leaves that number in the low bits.
    private const float Rounder = 3 << 22;
    private const int ExponentBias = 127;
    private const int ExponentShift = 23;

    /// <summary>Below it e^x is smaller than the smallest normal number.</summary>
    private const float Least = -87.33f;

    /// <summary>e^x for x up to 88, within two units in the last place; 0 below −87.33, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        // e^x = 2^n e^r with |r| <= ln 2 / 2, where the series is exact to rounding after the seventh power.
        var rounded = Vector.FusedMultiplyAdd(x, new Vector<float>(Log2OfE), new Vector<float>(Rounder));
        var n = rounded - new Vector<float>(Rounder);
        var r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2Low), Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2High), x));
        var series = Vector.FusedMultiplyAdd(r, new Vector<float>(1f / 5040), new Vector<float>(1f / 720));
        series = Vector.FusedMultiplyAdd(series, r, new Vector<float>(1f / 120));
        series = Vector.FusedMultiplyAdd(series, r, new Vector<float>(1f / 24));
        series = Vector.FusedMultiplyAdd(series, r, new Vector<float>(1f / 6));
        series = Vector.FusedMultiplyAdd(series, r, new Vector<float>(1f / 2));
        series = Vector.FusedMultiplyAdd(series, r, Vector<float>.One);
        series = Vector.FusedMultiplyAdd(series, r, Vector<float>.One);
        var power = Vector.AsVectorSingle(Vector.ShiftLeft(Vector.AsVectorInt32(rounded) + new Vector<int>(ExponentBias), ExponentShift));
        return Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(Least)), Vector<float>.Zero, series * power);
    }
}
