using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeepTricks.Kernels;

/// <summary>
/// A block of pixels with all of their classes, padded to whole vectors by pixels that are ignored: a row of <see cref="Stride"/> values for each class.
/// </summary>
internal sealed unsafe class PixelBlock : IDisposable
{
    private const nuint Alignment = 64;

    // Rows a power of two apart would share the sets of a cache.
    private const int Gap = 16;

    private readonly PixelGrid _grid;
    private readonly float* _memory;
    private readonly int* _labels;
    private readonly float* _masks;
    private readonly Vector<float> _ignored;

    public PixelBlock(PixelGrid grid)
    {
        _grid = grid;
        Stride = grid.BlockSize + Gap;
        var rows = grid.Classes * Stride;
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)((rows * (grid.Masks == null ? 2 : 3)) + Stride) * sizeof(float), Alignment);
        Values = _memory;
        Gradients = _memory + rows;
        _labels = (int*)(_memory + (2 * rows));
        _masks = _memory + (2 * rows) + Stride;
        _ignored = new(grid.Targets.Ignored);
    }

    /// <summary>The distance between the rows of two classes.</summary>
    public int Stride { get; }

    /// <summary>[C, Stride], the scores after <see cref="Load"/> and probabilities after <see cref="Activate"/>.</summary>
    public float* Values { get; }

    /// <summary>[C, Stride], for gradients.</summary>
    public float* Gradients { get; }

    public int Classes => _grid.Classes;

    public long Sample { get; private set; }

    /// <summary>The first pixel.</summary>
    public long Start { get; private set; }

    public int Count { get; private set; }

    /// <summary>The values to pass over: whole vectors.</summary>
    public int Padded { get; private set; }

    /// <summary>Copies scores and targets.</summary>
    public void Load(long sample, long start, int count)
    {
        (Sample, Start, Count) = (sample, start, count);
        Padded = (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        for (var c = 0; c < Classes; c++)
        {
            var from = _grid.At(sample, c) + start;
            Copy(_grid.Scores + from, Values + (c * Stride), 0);
            if (_grid.Masks != null)
            {
                Copy(_grid.Masks + from, _masks + (c * Stride), _grid.Targets.Ignored);
            }
        }

        if (_grid.Targets.Labels is { } labels)
        {
            var row = new Span<int>(_labels, Padded);
            labels.AsSpan((int)((sample * _grid.Pixels) + start), count).CopyTo(row);
            row[count..].Fill(-1);
        }
    }

    /// <summary>The target of class <paramref name="c"/> at <paramref name="i"/>, 0 where ignored; and all bits where it is not ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Target(int c, int i, out Vector<int> valid)
    {
        if (_grid.Masks == null)
        {
            var labels = Labels(i);
            valid = Vector.GreaterThanOrEqual(labels, Vector<int>.Zero);
            return Vector.ConditionalSelect(Vector.Equals(labels, new Vector<int>(c)), Vector<float>.One, Vector<float>.Zero);
        }

        var target = *(Vector<float>*)(_masks + (c * Stride) + i);
        valid = ~Vector.Equals(target, _ignored);
        return Vector.ConditionalSelect(valid, target, Vector<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<int> Labels(int i) => *(Vector<int>*)(_labels + i);

    /// <summary>−1 where ignored.</summary>
    public int Label(int i) => _labels[i];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Vector<float> Value(int c, int i) => ref *(Vector<float>*)(Values + (c * Stride) + i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Vector<float> Gradient(int c, int i) => ref *(Vector<float>*)(Gradients + (c * Stride) + i);

    /// <summary>Turns scores into probabilities.</summary>
    public void Activate()
    {
        switch (_grid.Activation)
        {
            case PixelActivation.Softmax: Softmax(); break;
            case PixelActivation.Sigmoid: Sigmoid(); break;
            default: break;
        }
    }

    /// <summary>Turns <see cref="Gradients"/> of the probabilities, which <see cref="Values"/> hold, into those of the scores.</summary>
    public void Chain()
    {
        if (_grid.Activation == PixelActivation.None)
        {
            return;
        }

        var softmax = _grid.Activation == PixelActivation.Softmax;
        for (var i = 0; i < Padded; i += Vector<float>.Count)
        {
            var mean = Vector<float>.Zero;
            for (var c = 0; softmax && c < Classes; c++)
            {
                mean += Value(c, i) * Gradient(c, i);
            }

            for (var c = 0; c < Classes; c++)
            {
                var p = Value(c, i);
                Gradient(c, i) = softmax ? p * (Gradient(c, i) - mean) : p * (Vector<float>.One - p) * Gradient(c, i);
            }
        }
    }

    /// <summary>Writes values or gradients to where they belong in a tensor [N, C, P].</summary>
    public void Store(float* rows, float* tensor)
    {
        for (var c = 0; c < Classes; c++)
        {
            new ReadOnlySpan<float>(rows + (c * Stride), Count).CopyTo(new Span<float>(tensor + _grid.At(Sample, c) + Start, Count));
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private void Softmax()
    {
        for (var i = 0; i < Padded; i += Vector<float>.Count)
        {
            var largest = Value(0, i);
            for (var c = 1; c < Classes; c++)
            {
                // Max and not MaxNative: a NaN must not be passed over.
                largest = Vector.Max(largest, Value(c, i));
            }

            var sum = Vector<float>.Zero;
            for (var c = 0; c < Classes; c++)
            {
                var power = VectorExp.Of(Value(c, i) - largest);
                Value(c, i) = power;
                sum += power;
            }

            var scale = Vector<float>.One / sum;
            for (var c = 0; c < Classes; c++)
            {
                Value(c, i) *= scale;
            }
        }
    }

    private void Sigmoid()
    {
        for (var c = 0; c < Classes; c++)
        {
            for (var i = 0; i < Padded; i += Vector<float>.Count)
            {
                Value(c, i) = VectorSigmoid.Of(Value(c, i), out _);
            }
        }
    }

    private void Copy(float* from, float* to, float padding)
    {
        new ReadOnlySpan<float>(from, Count).CopyTo(new Span<float>(to, Count));
        new Span<float>(to + Count, Padded - Count).Fill(padding);
    }
}
