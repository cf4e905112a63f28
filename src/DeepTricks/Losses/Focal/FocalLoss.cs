using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// −α (1 − p)^γ log p of the true class: cross-entropy in which what is right already hardly counts, for classes of very unequal size
/// (Lin et al., "Focal Loss for Dense Object Detection", 2017; the variants of MONAI, segmentation_models.pytorch and torchvision are in the options).
/// </summary>
/// <remarks>It takes scores [N, C] of plain classification as well as images and volumes.</remarks>
public sealed class FocalLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly FocalLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; a softmax with γ = 2 where null.</param>
    public FocalLoss(FocalLossOptions? options = null)
        : base(nameof(FocalLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">[N, C] or [N, C, d1, ...], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape, on their device.</param>
    /// <returns>A scalar, or a loss for each pixel or element without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor scores, Tensor target) => Compute(scores, target, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="scores">[N, C] or [N, C, d1, ...], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape, on their device.</param>
    /// <param name="options">The settings; a softmax with γ = 2 where null.</param>
    /// <returns>A scalar, or a loss for each pixel or element without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(Tensor scores, Tensor target, FocalLossOptions? options = null)
    {
        options ??= new();
        using var scope = NewDisposeScope();
        var input = SegmentationInput.Of(scores, target, options.Activation, options.IgnoreIndex);
        SegmentationChecks.CheckWeights(options.ClassWeights, input.Classes);
        // Maps that mix classes need the logarithm of every class.
        var forKernel = input.ForKernel && (options.Activation != ScoreActivation.Softmax || input.Labels is not null);
        var losses = forKernel ? ByKernel(input, options) : new FocalTerms(options, input).InTensors(input.Scores);
        long[] shape = options.Activation == ScoreActivation.Softmax ? [scores.shape[0], .. scores.shape[2..]] : scores.shape;
        return (options.Reduction == nn.Reduction.None ? losses.reshape(shape) : losses).to(scores.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor ByKernel(SegmentationInput input, FocalLossOptions options)
    {
        if (!input.HasFewPixels)
        {
            return input.Fused(pixels => FocalKernel.For(options, pixels));
        }

        // A classifier's sample has one pixel: no loss of a pixel minds whose it is.
        var losses = input.AsOneSample().Fused(pixels => FocalKernel.For(options, pixels));
        return options.Reduction == nn.Reduction.None && options.Activation != ScoreActivation.Softmax
            ? losses.reshape(input.Classes, input.Samples, input.Pixels).transpose(0, 1)
            : losses;
    }
}
