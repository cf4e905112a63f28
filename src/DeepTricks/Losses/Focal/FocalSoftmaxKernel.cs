using System.Numerics;
using DeepTricks.Kernels;

namespace DeepTricks.Losses;

/// <summary>The focal loss of classes that exclude one another: w q^γ (−log p) of the true class, p + q = 1.</summary>
internal sealed unsafe class FocalSoftmaxKernel(FocalLossOptions options, PixelInput input) : FocalKernel(options, input)
{
    private static readonly Vector<float> Most = new((float)-FocalTerms.SmallestLogarithm);
    private readonly float[] _weights = Weights(options, input.Classes);

    protected override int Rows => 1;

    protected override void Losses(PixelBlock block)
    {
        TakeOut(block);
        for (var i = 0; i < block.Padded; i += Vector<float>.Count)
        {
            var pixel = Read(block, i, keep: false);
            var loss = Power.Of(pixel.Wrong, out _) * pixel.CrossEntropy * pixel.Weight;
            block.Gradient(0, i) = Vector.ConditionalSelect(pixel.Valid, loss, Vector<float>.Zero);
        }
    }

    protected override void Slopes(PixelBlock block, Vector<float> scale)
    {
        TakeOut(block);
        for (var i = 0; i < block.Padded; i += Vector<float>.Count)
        {
            var pixel = Read(block, i, keep: true);
            var power = Power.Of(pixel.Wrong, out var slope);
            var byLogarithm = ((slope * pixel.Right * pixel.CrossEntropy) + power) * pixel.Weight;
            var factor = Vector.ConditionalSelect(pixel.Valid, byLogarithm * scale, Vector<float>.Zero);
            var perSum = factor / pixel.Sum;
            for (var c = 0; c < block.Classes; c++)
            {
                block.Value(c, i) = Vector.ConditionalSelect(pixel.Valid, block.Value(c, i) * perSum, Vector<float>.Zero);
            }

            // Of the true class it is −q: p − 1 would lose the digits of a small q.
            block.Gradient(0, i) = -factor * pixel.Wrong;
        }

        for (var i = 0; i < block.Count; i++)
        {
            var label = block.Label(i);
            if (label >= 0)
            {
                block.Values[(label * block.Stride) + i] = block.Gradients[i];
            }
        }
    }

    /// <summary>
    /// Moves the score of each true class, and that class's weight, into the first two rows of gradients: what stays sums up to what is wrong, without the
    /// true class's part that would have to be taken off again.
    /// </summary>
    private void TakeOut(PixelBlock block)
    {
        float* own = block.Gradients, weights = own + block.Stride;
        for (var i = 0; i < block.Count; i++)
        {
            var label = block.Label(i);
            if (label < 0)
            {
                own[i] = weights[i] = 0;
                continue;
            }

            var score = block.Values + (label * block.Stride) + i;
            (own[i], weights[i]) = (*score, _weights[label]);
            *score = float.NegativeInfinity;
        }

        new Span<float>(own + block.Count, block.Padded - block.Count).Clear();
        new Span<float>(weights + block.Count, block.Padded - block.Count).Clear();
    }

    /// <summary>What a pixel's scores say about its true class; with <paramref name="keep"/> they become powers of e.</summary>
    private static Pixel Read(PixelBlock block, int i, bool keep)
    {
        var score = block.Gradient(0, i);
        var largest = score;
        for (var c = 0; c < block.Classes; c++)
        {
            largest = Vector.Max(largest, block.Value(c, i));
        }

        var others = Vector<float>.Zero;
        for (var c = 0; c < block.Classes; c++)
        {
            var power = VectorExp.Of(block.Value(c, i) - largest);
            others += power;
            if (keep)
            {
                block.Value(c, i) = power;
            }
        }

        var shifted = score - largest;
        var own = VectorExp.Of(shifted);
        var sum = own + others;
        var likely = VectorSigmoid.LogOnePlus(others / own);
        var crossEntropy = Vector.Min(Vector.ConditionalSelect(Vector.GreaterThan(own, others), likely, Vector.Log(sum) - shifted), Most);
        return new(Vector.GreaterThanOrEqual(block.Labels(i), Vector<int>.Zero), own / sum, others / sum, crossEntropy, sum, block.Gradient(1, i));
    }

    private static float[] Weights(FocalLossOptions options, int classes)
    {
        var weights = new float[classes];
        for (var c = 0; c < classes; c++)
        {
            var share = options.Alpha is not { } alpha ? 1 : c == 0 ? 1 - alpha : alpha;
            weights[c] = (float)(share * (options.ClassWeights?[c] ?? 1));
        }

        return weights;
    }

    private readonly record struct Pixel(
        Vector<int> Valid, Vector<float> Right, Vector<float> Wrong, Vector<float> CrossEntropy, Vector<float> Sum, Vector<float> Weight);
}
