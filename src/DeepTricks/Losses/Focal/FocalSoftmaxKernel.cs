using System.Numerics;
using DeepTricks.Kernels;

namespace DeepTricks.Losses;

/// <summary>The focal loss of classes that exclude one another: w q^γ (−log p) of the true class, p + q = 1.</summary>
internal sealed unsafe class FocalSoftmaxKernel(FocalLossOptions options, PixelInput input) : FocalKernel(options, input)
{
    private readonly float[] _weights = Weights(options, input.Classes);

    protected override int Rows => 1;

    protected override void Losses(PixelBlock block)
    {
        for (var i = 0; i < block.Padded; i += Vector<float>.Count)
        {
            var pixel = Read(block, i, keep: false);
            var loss = Power.Of(pixel.Wrong, out _) * pixel.CrossEntropy * pixel.Weight;
            block.Gradient(0, i) = Vector.ConditionalSelect(pixel.Valid, loss, Vector<float>.Zero);
        }
    }

    protected override void Slopes(PixelBlock block)
    {
        for (var i = 0; i < block.Padded; i += Vector<float>.Count)
        {
            var pixel = Read(block, i, keep: true);
            var power = Power.Of(pixel.Wrong, out var slope);
            var byLogarithm = ((slope * pixel.Right * pixel.CrossEntropy) + power) * pixel.Weight;
            var scale = Vector.ConditionalSelect(pixel.Valid, byLogarithm, Vector<float>.Zero);
            var (perSum, labels) = (scale / pixel.Sum, block.Labels(i));
            for (var c = 0; c < block.Classes; c++)
            {
                // Of the true class it is −q: p − 1 would lose the digits of a small q.
                var others = Vector.ConditionalSelect(pixel.Valid, block.Value(c, i) * perSum, Vector<float>.Zero);
                block.Gradient(c, i) = Vector.ConditionalSelect(Vector.Equals(labels, new Vector<int>(c)), -scale * pixel.Wrong, others);
            }
        }
    }

    /// <summary>What a pixel's scores say about its true class; with <paramref name="keep"/> they become powers of e.</summary>
    private Pixel Read(PixelBlock block, int i, bool keep)
    {
        var labels = block.Labels(i);
        var largest = block.Value(0, i);
        for (var c = 1; c < block.Classes; c++)
        {
            largest = Vector.Max(largest, block.Value(c, i));
        }

        Vector<float> own = Vector<float>.Zero, others = Vector<float>.Zero, score = Vector<float>.Zero, weight = Vector<float>.Zero;
        for (var c = 0; c < block.Classes; c++)
        {
            var isTrue = Vector.Equals(labels, new Vector<int>(c));
            var shifted = block.Value(c, i) - largest;
            var power = VectorExp.Of(shifted);
            own = Vector.ConditionalSelect(isTrue, power, own);
            others += Vector.ConditionalSelect(isTrue, Vector<float>.Zero, power);
            score = Vector.ConditionalSelect(isTrue, shifted, score);
            weight = Vector.ConditionalSelect(isTrue, new Vector<float>(_weights[c]), weight);
            if (keep)
            {
                block.Value(c, i) = power;
            }
        }

        var sum = own + others;
        var likely = VectorSigmoid.LogOnePlus(others / own);
        var crossEntropy = Vector.ConditionalSelect(Vector.GreaterThan(own, others), likely, Vector.Log(sum) - score);
        return new(Vector.GreaterThanOrEqual(labels, Vector<int>.Zero), own / sum, others / sum, crossEntropy, sum, weight);
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
