using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepTricks.Kernels;

namespace DeepTricks.Distillation;

/// <summary>A row of logits in vectors; the class left out, and what the last vector has too much, are −∞.</summary>
internal readonly ref struct SoftLogitBlocks(ReadOnlySpan<float> values, int excluded)
{
    private readonly ReadOnlySpan<float> _values = values;
    private readonly ReadOnlySpan<Vector<float>> _whole = MemoryMarshal.Cast<float, Vector<float>>(values);
    private readonly int _excluded = excluded;
    private readonly int _special = excluded < 0 ? -1 : excluded / Vector<float>.Count;

    public int Count => (_values.Length + Vector<float>.Count - 1) / Vector<float>.Count;

    public Vector<float> this[int i]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => i < _whole.Length && i != _special ? _whole[i] : Special(i);
    }

    public float Maximum()
    {
        // What it makes of a NaN does not matter: the sums are NaN with one anyhow.
        var best = new Vector<float>(float.NegativeInfinity);
        for (var i = 0; i < Count; i++)
        {
            best = Vector.MaxNative(best, this[i]);
        }

        var maximum = best[0];
        for (var i = 1; i < Vector<float>.Count; i++)
        {
            maximum = MathF.Max(maximum, best[i]);
        }

        return maximum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Vector<float> Special(int i)
    {
        var from = i * Vector<float>.Count;
        var block = SoftmaxRow.Padded(_values[from..Math.Min(from + Vector<float>.Count, _values.Length)], float.NegativeInfinity);
        return i == _special ? block.WithElement(_excluded - from, float.NegativeInfinity) : block;
    }
}
