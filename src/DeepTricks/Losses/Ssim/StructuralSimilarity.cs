using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>Structural similarity of two images at one scale or several.</summary>
internal static class StructuralSimilarity
{
    /// <summary>The kernel has two images and a gradient, each with all levels, in one array.</summary>
    private const long LargestForKernel = int.MaxValue / 8;

    /// <summary>1 − SSIM, or 1 − MS-SSIM where there are levels.</summary>
    public static Tensor Loss(Tensor scores, Tensor target, SsimLossOptions options, MsSsimLossOptions? levels)
    {
        SegmentationChecks.Check(scores, target, options.Activation);
        CheckSides(scores, options, levels);
        using var scope = NewDisposeScope();
        var input = SegmentationInput.Of(scores, target, options.Activation, options.IgnoreIndex);
        var (shape, sides) = (scores.shape, scores.dim() - 2);
        var loss = input.ForKernel && sides == 2 && scores.numel() is > 0 and <= LargestForKernel
            ? input.Fused(pixels => new SsimKernel(pixels, shape, options, levels))
            : InTensors(input, input.Scores, shape, options, levels);
        return loss.to(scores.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The same in tensor operations.</summary>
    public static Tensor InTensors(SegmentationInput input, Tensor scores, long[] shape, SsimLossOptions options, MsSsimLossOptions? levels)
    {
        var (targets, valid) = input.Dense();
        var probabilities = input.Probabilities(scores);
        probabilities = probabilities.where(valid, zeros_like(probabilities));
        return Reduced(1 - SsimTensors.Of(probabilities.reshape(shape), targets.reshape(shape), options, levels), options.Reduction);
    }

    private static Tensor Reduced(Tensor losses, nn.Reduction reduction) => reduction switch
    {
        nn.Reduction.None => losses,
        nn.Reduction.Sum => losses.sum(),
        _ => losses.mean(),
    };

    private static void CheckSides(Tensor scores, SsimLossOptions options, MsSsimLossOptions? levels)
    {
        if (scores.dim() is not (4 or 5))
        {
            throw new ArgumentException($"Expected scores [N, C, H, W] or [N, C, D, H, W]; the shape is {scores.ShapeText()}.", nameof(scores));
        }

        var byBatch = levels?.Variant == MsSsimVariant.UNet3Plus;
        if (byBatch && options.Reduction != nn.Reduction.Mean)
        {
            throw new ArgumentException("The variant of UNet3+ has one value for the whole batch: its only reduction is the mean.", nameof(options));
        }

        var halvings = (levels?.LevelWeights.Count ?? 1) - 1;
        var least = byBatch ? 1L << halvings : levels is null ? options.WindowSize : ((options.WindowSize - 1L) << halvings) + 1;
        var smallest = scores.shape[2..].Min();
        if (smallest < least)
        {
            throw new ArgumentException(
                $"Expected sides of at least {least} pixels for {halvings + 1} levels; the shape is {scores.ShapeText()}.", nameof(scores));
        }
    }
}
