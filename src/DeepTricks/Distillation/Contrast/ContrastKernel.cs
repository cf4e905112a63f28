using System.Numerics;
using System.Runtime.InteropServices;
using DeepTricks.Kernels;

namespace DeepTricks.Distillation;

/// <summary>
/// <see cref="ContrastCall"/> in single precision, one side of it: vectors against chosen rows of a memory. Each row is read once, for its product and, while it is still in
/// the cache, for its part of the gradient; nothing of the size of the negatives is stored.
/// </summary>
internal sealed unsafe class ContrastKernel(ContrastCall call)
{
    private const int Block = 32;
    private const int Together = 4;

    private readonly int _dimension = (int)call.StudentMemory.shape[1];
    private readonly int _width = (int)call.Contrast.shape[1];
    private readonly int _batch = (int)call.Contrast.shape[0];
    private readonly float _scale = (float)(1 / call.Temperature);

    /// <summary>The mean of exp(product/τ).</summary>
    public double Mean(float* vectors, float* memory, long* contrast)
    {
        var sums = new double[_batch];
        RowParallel.For(_batch, (long)_width * _dimension, (from, to) =>
        {
            Span<float> products = stackalloc float[Block];
            for (var b = from; b < to; b++)
            {
                for (var j = 0; j < _width; j += Block)
                {
                    var count = Products(vectors + (b * _dimension), memory, contrast + (b * _width) + j, _width - j, products);
                    for (var i = 0; i < count; i++)
                    {
                        sums[b] += Math.Exp(products[i] * _scale);
                    }
                }
            }
        });
        return sums.Sum() / ((double)_batch * _width);
    }

    /// <summary>The mean loss, and its gradient by the vectors where it is wanted.</summary>
    public double Loss(float* vectors, float* memory, long* contrast, float constant, float* gradient)
    {
        var losses = new double[_batch];
        RowParallel.For(_batch, (long)_width * _dimension, (from, to) =>
        {
            for (var b = from; b < to; b++)
            {
                var slope = gradient == null ? default : new Span<float>(gradient + (b * _dimension), _dimension);
                losses[b] = Loss(vectors + (b * _dimension), memory, contrast + (b * _width), constant, slope);
            }
        });
        return (losses.Sum() / _batch) - (call.Negatives * Math.Log(call.Noise));
    }

    private double Loss(float* vector, float* memory, long* contrast, float constant, Span<float> gradient)
    {
        Span<float> products = stackalloc float[Block];
        var blocks = MemoryMarshal.Cast<float, Vector<float>>(products);
        Vector<float> floor = new((float)call.Floor), one = new(1 / constant);
        var loss = 0.0;
        gradient.Clear();
        for (var j = 0; j < _width; j += Block)
        {
            var count = Products(vector, memory, contrast + j, _width - j, products);
            if (j == 0)
            {
                loss -= (products[0] * _scale) - Math.Log(constant);
            }

            var logarithms = Vector<float>.Zero;
            for (var i = 0; i < blocks.Length; i++)
            {
                // exp(88) is about the largest number of single precision.
                var p = VectorExp.Of(Vector.Min(blocks[i] * _scale, new Vector<float>(88))) * one;
                logarithms += Vector.Log(p + floor);
                blocks[i] = p / (p + floor);
            }

            // What is left of the last block has p = 0.
            loss += Vector.Sum(logarithms) - ((Block - count) * Math.Log(floor[0]));
            if (j == 0)
            {
                products[0] -= 1;
            }

            if (!gradient.IsEmpty)
            {
                Add(products[..count], memory, contrast + j, gradient);
            }
        }

        var perSample = _scale / _batch;
        foreach (ref var g in gradient)
        {
            g *= perSample;
        }

        return loss;
    }

    /// <summary>Writes the products of a vector with up to a block of rows, and −∞ behind them.</summary>
    private int Products(float* vector, float* memory, long* contrast, int left, Span<float> products)
    {
        var count = Math.Min(Block, left);
        var j = 0;
        for (; j + Together <= count; j += Together)
        {
            float* r0 = memory + (contrast[j] * _dimension), r1 = memory + (contrast[j + 1] * _dimension);
            float* r2 = memory + (contrast[j + 2] * _dimension), r3 = memory + (contrast[j + 3] * _dimension);
            Vector<float> s0 = Vector<float>.Zero, s1 = Vector<float>.Zero, s2 = Vector<float>.Zero, s3 = Vector<float>.Zero;
            var d = 0;
            for (; d + Vector<float>.Count <= _dimension; d += Vector<float>.Count)
            {
                var v = *(Vector<float>*)(vector + d);
                s0 = Vector.FusedMultiplyAdd(v, *(Vector<float>*)(r0 + d), s0);
                s1 = Vector.FusedMultiplyAdd(v, *(Vector<float>*)(r1 + d), s1);
                s2 = Vector.FusedMultiplyAdd(v, *(Vector<float>*)(r2 + d), s2);
                s3 = Vector.FusedMultiplyAdd(v, *(Vector<float>*)(r3 + d), s3);
            }

            var (p0, p1, p2, p3) = (Vector.Sum(s0), Vector.Sum(s1), Vector.Sum(s2), Vector.Sum(s3));
            for (; d < _dimension; d++)
            {
                p0 += vector[d] * r0[d];
                p1 += vector[d] * r1[d];
                p2 += vector[d] * r2[d];
                p3 += vector[d] * r3[d];
            }

            (products[j], products[j + 1], products[j + 2], products[j + 3]) = (p0, p1, p2, p3);
        }

        for (; j < count; j++)
        {
            products[j] = Product(vector, memory + (contrast[j] * _dimension));
        }

        products[count..].Fill(float.NegativeInfinity);
        return count;
    }

    private float Product(float* left, float* right)
    {
        var sum = 0f;
        for (var d = 0; d < _dimension; d++)
        {
            sum += left[d] * right[d];
        }

        return sum;
    }

    /// <summary>Adds a multiple of each row.</summary>
    private void Add(ReadOnlySpan<float> factors, float* memory, long* contrast, Span<float> sum)
    {
        var sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var whole = sums.Length * Vector<float>.Count;
        var j = 0;
        for (; j + Together <= factors.Length; j += Together)
        {
            float* r0 = memory + (contrast[j] * _dimension), r1 = memory + (contrast[j + 1] * _dimension);
            float* r2 = memory + (contrast[j + 2] * _dimension), r3 = memory + (contrast[j + 3] * _dimension);
            Vector<float> f0 = new(factors[j]), f1 = new(factors[j + 1]), f2 = new(factors[j + 2]), f3 = new(factors[j + 3]);
            for (var i = 0; i < sums.Length; i++)
            {
                var d = i * Vector<float>.Count;
                var low = Vector.FusedMultiplyAdd(f0, *(Vector<float>*)(r0 + d), sums[i]);
                low = Vector.FusedMultiplyAdd(f1, *(Vector<float>*)(r1 + d), low);
                low = Vector.FusedMultiplyAdd(f2, *(Vector<float>*)(r2 + d), low);
                sums[i] = Vector.FusedMultiplyAdd(f3, *(Vector<float>*)(r3 + d), low);
            }

            for (var d = whole; d < _dimension; d++)
            {
                sum[d] += (factors[j] * r0[d]) + (factors[j + 1] * r1[d]) + (factors[j + 2] * r2[d]) + (factors[j + 3] * r3[d]);
            }
        }

        for (; j < factors.Length; j++)
        {
            var row = memory + (contrast[j] * _dimension);
            for (var d = 0; d < _dimension; d++)
            {
                sum[d] += factors[j] * row[d];
            }
        }
    }
}
