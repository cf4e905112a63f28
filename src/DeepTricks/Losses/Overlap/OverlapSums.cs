using System.Numerics;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>The counts of overlap [3, N, C] in one pass over the scores, and their gradient in another, which computes the probabilities again.</summary>
internal sealed unsafe class OverlapSums(PixelInput input, bool squared) : IFusedLoss
{
    private const int Kinds = 3;

    public bool GivesGradient => false;

    public Tensor Forward(Tensor scores, Tensor? masks, Tensor? gradient)
    {
        var grid = input.Grid(scores, masks);
        var classes = input.Classes;
        var partial = new double[grid.Chunks * Kinds * classes];
        grid.ForBlocks((block, chunk) =>
        {
            block.Activate();
            var sums = partial.AsSpan((int)chunk * Kinds * classes, Kinds * classes);
            for (var c = 0; c < classes; c++)
            {
                var (intersection, predicted, target) = Count(block, c);
                sums[c] += intersection;
                sums[classes + c] += predicted;
                sums[(2 * classes) + c] += target;
            }
        });
        return tensor(Summed(partial, grid.ChunksPerSample), [Kinds, input.Samples, classes]);
    }

    public Tensor Backward(Tensor scores, Tensor? masks, Tensor upstream)
    {
        var result = empty_like(scores);
        var grid = input.Grid(scores, masks);
        float* slopes = upstream.Address<float>(), gradient = result.Address<float>();
        var each = input.Samples * input.Classes;
        grid.ForBlocks((block, _) =>
        {
            block.Activate();
            for (var c = 0; c < block.Classes; c++)
            {
                var at = (block.Sample * block.Classes) + c;
                Slope(block, c, new(slopes[at]), new(slopes[each + at]));
            }

            block.Chain();
            block.Store(block.Gradients, gradient);
        });
        return result;
    }

    public Tensor InTensors(Tensor scores, Tensor? masks) => OverlapCounts.InTensors(input.Again(scores, masks), scores, squared);

    private (float Intersection, float Predicted, float Target) Count(PixelBlock block, int c)
    {
        Vector<float> intersection = Vector<float>.Zero, predicted = Vector<float>.Zero, targets = Vector<float>.Zero;
        for (var i = 0; i < block.Padded; i += Vector<float>.Count)
        {
            var target = block.Target(c, i, out var valid);
            var p = Vector.ConditionalSelect(valid, block.Value(c, i), Vector<float>.Zero);
            intersection += p * target;
            predicted += squared ? p * p : p;
            targets += squared ? target * target : target;
        }

        return (Vector.Sum(intersection), Vector.Sum(predicted), Vector.Sum(targets));
    }

    private void Slope(PixelBlock block, int c, Vector<float> intersection, Vector<float> predicted)
    {
        for (var i = 0; i < block.Padded; i += Vector<float>.Count)
        {
            var target = block.Target(c, i, out var valid);
            var slope = (intersection * target) + (squared ? predicted * (block.Value(c, i) * 2) : predicted);
            block.Gradient(c, i) = Vector.ConditionalSelect(valid, slope, Vector<float>.Zero);
        }
    }

    private float[] Summed(double[] partial, long chunks)
    {
        var classes = input.Classes;
        var sums = new float[Kinds * input.Samples * classes];
        for (var i = 0; i < sums.Length; i++)
        {
            var (kind, rest) = Math.DivRem(i, (int)input.Samples * classes);
            var (sample, c) = Math.DivRem(rest, classes);
            double sum = 0;
            for (var chunk = sample * chunks; chunk < (sample + 1) * chunks; chunk++)
            {
                sum += partial[(((chunk * Kinds) + kind) * classes) + c];
            }

            sums[i] = (float)sum;
        }

        return sums;
    }
}
