using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeepTricks.Kernels;

/// <summary>What one pass over a row of logits x tells about p = softmax(x).</summary>
/// <param name="Maximum">The largest logit. It stays apart from the logarithm, which next to a large one would lose its digits.</param>
/// <param name="LogSum">log Σ exp (x − maximum).</param>
/// <param name="Entropy">−Σ p log p, in nats; 0 where it was not asked for.</param>
internal readonly record struct SoftmaxRow(float Maximum, float LogSum, float Entropy)
{
    /// <summary>Reads a row twice, for its maximum and for its sums, and stores nothing.</summary>
    public static SoftmaxRow Of(ReadOnlySpan<float> logits, bool entropy)
    {
        var maximum = MaximumOf(logits);

        // A row of −∞, or one with NaN or +∞, has no finite answer: the plain formula gives the NaN that PyTorch gives.
        var shift = new Vector<float>(maximum);
        Vector<float> sum = Vector<float>.Zero, weighted = Vector<float>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        foreach (ref readonly var x in vectors)
        {
            Add(x - shift, entropy, ref sum, ref weighted);
        }

        var rest = logits[(vectors.Length * Vector<float>.Count)..];
        if (rest.Length > 0)
        {
            Add(Padded(rest, float.NegativeInfinity) - shift, entropy, ref sum, ref weighted);
        }

        var total = Vector.Sum(sum);
        var logarithm = MathF.Log(total);
        return new(maximum, logarithm, entropy ? logarithm - (Vector.Sum(weighted) / total) : 0);
    }

    /// <summary>exp(shifted) and exp(shifted)·shifted, the latter 0 where the former is, so that p log p is 0 at p = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector<float> shifted, bool entropy, ref Vector<float> sum, ref Vector<float> weighted)
    {
        var exp = VectorExp.Of(shifted);
        sum += exp;
        if (entropy)
        {
            weighted += Vector.ConditionalSelect(Vector.Equals(exp, Vector<float>.Zero), Vector<float>.Zero, exp * shifted);
        }
    }

    private static float MaximumOf(ReadOnlySpan<float> row)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var best = new Vector<float>(float.NegativeInfinity);
        foreach (ref readonly var x in vectors)
        {
            // What it makes of a NaN does not matter: the sums are NaN with one anyhow.
            best = Vector.MaxNative(best, x);
        }

        var maximum = float.NegativeInfinity;
        for (var i = 0; i < Vector<float>.Count; i++)
        {
            maximum = MathF.Max(maximum, best[i]);
        }

        foreach (var x in row[(vectors.Length * Vector<float>.Count)..])
        {
            maximum = MathF.Max(maximum, x);
        }

        return maximum;
    }

    /// <summary>Σ a·(x − maximum).</summary>
    public float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> x)
    {
        var shift = new Vector<float>(Maximum);
        var left = MemoryMarshal.Cast<float, Vector<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector<float>>(x);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * (right[i] - shift);
        }

        var total = Vector.Sum(sum);
        for (var i = left.Length * Vector<float>.Count; i < a.Length; i++)
        {
            total += a[i] * (x[i] - Maximum);
        }

        return total;
    }

    /// <summary>The start of a vector from fewer elements than it has, the end filled.</summary>
    public static Vector<float> Padded(ReadOnlySpan<float> few, float fill)
    {
        Span<float> buffer = stackalloc float[Vector<float>.Count];
        buffer.Fill(fill);
        few.CopyTo(buffer);
        return new(buffer);
    }
}
