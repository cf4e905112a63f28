using System.Numerics;
using System.Runtime.InteropServices;

namespace DeepTricks.Kernels;

/// <summary>Sums and differences of maps of one number a place. Single precision within a block of places, double between them.</summary>
internal static class PlaceVectors
{
    private const int Block = 512;

    /// <summary>Σ values².</summary>
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        double total = 0;
        for (; values.Length > 0; values = values[Math.Min(Block, values.Length)..])
        {
            var block = values[..Math.Min(Block, values.Length)];
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(block);
            var sums = Vector<float>.Zero;
            foreach (ref readonly var x in vectors)
            {
                sums += x * x;
            }

            total += Vector.Sum(sums);
            foreach (var x in block[(vectors.Length * Vector<float>.Count)..])
            {
                total += x * x;
            }
        }

        return total;
    }

    /// <summary>b becomes a·scaleA − b·scaleB; gives Σ of its squares, and Σ of its products with a·scaleA.</summary>
    public static (double Square, double Along) Subtract(ReadOnlySpan<float> a, float scaleA, Span<float> b, float scaleB)
    {
        double square = 0, along = 0;
        for (var start = 0; start < a.Length; start += Block)
        {
            var count = Math.Min(Block, a.Length - start);
            var left = a.Slice(start, count);
            var right = b.Slice(start, count);
            var x = MemoryMarshal.Cast<float, Vector<float>>(left);
            var y = MemoryMarshal.Cast<float, Vector<float>>(right);
            Vector<float> squares = Vector<float>.Zero, products = Vector<float>.Zero;
            for (var i = 0; i < x.Length; i++)
            {
                var scaled = x[i] * scaleA;
                var difference = scaled - (y[i] * scaleB);
                squares += difference * difference;
                products += difference * scaled;
                y[i] = difference;
            }

            square += Vector.Sum(squares);
            along += Vector.Sum(products);
            for (var i = x.Length * Vector<float>.Count; i < count; i++)
            {
                var scaled = left[i] * scaleA;
                var difference = scaled - (right[i] * scaleB);
                square += difference * difference;
                along += difference * scaled;
                right[i] = difference;
            }
        }

        return (square, along);
    }

    /// <summary>b becomes a·scaleA + b·scaleB.</summary>
    public static void Combine(ReadOnlySpan<float> a, float scaleA, Span<float> b, float scaleB)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(a);
        var y = MemoryMarshal.Cast<float, Vector<float>>(b);
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = (x[i] * scaleA) + (y[i] * scaleB);
        }

        for (var i = x.Length * Vector<float>.Count; i < a.Length; i++)
        {
            b[i] = (a[i] * scaleA) + (b[i] * scaleB);
        }
    }
}
