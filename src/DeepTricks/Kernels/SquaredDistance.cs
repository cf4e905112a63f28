using System.Runtime.Intrinsics;

namespace DeepTricks.Kernels;

/// <summary>Squared Euclidean distances by their differences, in double precision whatever the type of the rows.</summary>
internal static unsafe class SquaredDistance
{
    /// <summary>Σ (a − b)².</summary>
    internal static double Between(float* a, float* b, long length)
    {
        var (sum, other) = (Vector512<double>.Zero, Vector512<double>.Zero);
        var i = 0L;
        for (; i <= length - 16; i += 16)
        {
            var (aLower, aUpper) = Vector512.Widen(Vector512.Load(a + i));
            var (bLower, bUpper) = Vector512.Widen(Vector512.Load(b + i));
            var (lower, upper) = (aLower - bLower, aUpper - bUpper);
            sum = Vector512.FusedMultiplyAdd(lower, lower, sum);
            other = Vector512.FusedMultiplyAdd(upper, upper, other);
        }

        var total = Vector512.Sum(sum + other);
        for (; i < length; i++)
        {
            var difference = (double)a[i] - b[i];
            total += difference * difference;
        }

        return total;
    }

    /// <inheritdoc cref="Between(float*, float*, long)"/>
    internal static double Between(double* a, double* b, long length)
    {
        var sum = Vector512<double>.Zero;
        var i = 0L;
        for (; i <= length - 8; i += 8)
        {
            var difference = Vector512.Load(a + i) - Vector512.Load(b + i);
            sum = Vector512.FusedMultiplyAdd(difference, difference, sum);
        }

        var total = Vector512.Sum(sum);
        for (; i < length; i++)
        {
            var difference = a[i] - b[i];
            total += difference * difference;
        }

        return total;
    }
}
