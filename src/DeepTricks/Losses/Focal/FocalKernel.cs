using System.Numerics;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>What the kernels of the focal loss share: the sums, the divisor of the mean and the gradient from above.</summary>
internal abstract unsafe class FocalKernel(FocalLossOptions options, PixelInput input) : IFusedLoss
{
    private double _divisor = 1;

    public bool GivesGradient => false;

    protected FocalPower Power { get; } = new(options.Gamma);

    /// <summary>The rows of losses of a block: 1, or one for each class.</summary>
    protected abstract int Rows { get; }

    /// <summary>The kernel for an input.</summary>
    public static FocalKernel For(FocalLossOptions options, PixelInput input) =>
        input.Activation == PixelActivation.Softmax ? new FocalSoftmaxKernel(options, input) : new FocalSigmoidKernel(options, input);

    public Tensor Forward(Tensor scores, Tensor? masks, Tensor? gradient)
    {
        var grid = input.Grid(scores, masks);
        var whole = options.Reduction == nn.Reduction.None
            ? empty(Rows == 1 ? [input.Samples, input.Pixels] : [input.Samples, Rows, input.Pixels])
            : null;
        var losses = whole is null ? null : whole.Address<float>();
        var (sums, counts) = (new double[grid.Chunks], new long[grid.Chunks]);
        grid.ForBlocks((block, chunk) =>
        {
            Losses(block);
            if (losses != null)
            {
                Store(block, losses);
                return;
            }

            sums[chunk] += Sum(block);
            counts[chunk] += masks is null ? 0 : Counted(block);
        });
        if (whole is not null)
        {
            return whole;
        }

        _divisor = options.Reduction == nn.Reduction.Sum ? 1 : masks is null ? input.Targets.Counted * Rows : counts.Sum();
        return tensor((float)(sums.Sum() / _divisor));
    }

    public Tensor Backward(Tensor scores, Tensor? masks, Tensor upstream)
    {
        var result = empty_like(scores);
        var grid = input.Grid(scores, masks);
        float* slopes = result.Address<float>(), from = upstream.Address<float>();
        var whole = options.Reduction == nn.Reduction.None;
        var scale = whole ? 1 : (float)(*from / _divisor);
        grid.ForBlocks((block, _) =>
        {
            Slopes(block, new(scale));
            for (var c = 0; whole && c < block.Classes; c++)
            {
                float* row = block.Values + (c * block.Stride), factors = from + At(block, Rows == 1 ? 0 : c);
                for (var i = 0; i < block.Count; i++)
                {
                    row[i] *= factors[i];
                }
            }

            block.Store(block.Values, slopes);
        });
        return result;
    }

    public Tensor InTensors(Tensor scores, Tensor? masks) => new FocalTerms(options, input.Again(scores, masks)).InTensors(scores);

    /// <summary>Puts the losses into the first <see cref="Rows"/> rows of the block's gradients, 0 where ignored.</summary>
    protected abstract void Losses(PixelBlock block);

    /// <summary>Puts the slope of each pixel's loss by each score, times a factor, in the place of the scores, 0 where ignored.</summary>
    protected abstract void Slopes(PixelBlock block, Vector<float> scale);

    private long At(PixelBlock block, int row) => (((block.Sample * Rows) + row) * input.Pixels) + block.Start;

    private void Store(PixelBlock block, float* losses)
    {
        for (var row = 0; row < Rows; row++)
        {
            new ReadOnlySpan<float>(block.Gradients + (row * block.Stride), block.Count).CopyTo(new Span<float>(losses + At(block, row), block.Count));
        }
    }

    private double Sum(PixelBlock block)
    {
        var sum = Vector<float>.Zero;
        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < block.Padded; i += Vector<float>.Count)
            {
                sum += block.Gradient(row, i);
            }
        }

        return Vector.Sum(sum);
    }

    private long Counted(PixelBlock block)
    {
        var sum = Vector<int>.Zero;
        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < block.Padded; i += Vector<float>.Count)
            {
                block.Target(row, i, out var valid);
                sum -= valid;
            }
        }

        return Vector.Sum(sum);
    }
}
