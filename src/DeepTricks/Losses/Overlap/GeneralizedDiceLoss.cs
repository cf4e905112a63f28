using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// 1 − (2 Σ_c w_c Σpt + s) / (Σ_c w_c (Σp + Σt) + s'): one Dice of all classes, in which each weighs the less the larger it is
/// (Sudre et al., "Generalised Dice overlap as a deep learning loss function for highly unbalanced segmentations", 2017; MONAI's GeneralizedDiceLoss).
/// </summary>
public sealed class GeneralizedDiceLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly GeneralizedDiceLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; MONAI's over a softmax where null.</param>
    public GeneralizedDiceLoss(GeneralizedDiceLossOptions? options = null)
        : base(nameof(GeneralizedDiceLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">[N, C] or [N, C, d1, ...], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape, on their device.</param>
    /// <returns>A scalar; [N], or [1] over the batch, without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor scores, Tensor target) => Compute(scores, target, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="scores">[N, C] or [N, C, d1, ...], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape, on their device.</param>
    /// <param name="options">The settings; MONAI's over a softmax where null.</param>
    /// <returns>A scalar; [N], or [1] over the batch, without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(Tensor scores, Tensor target, GeneralizedDiceLossOptions? options = null)
    {
        options ??= GeneralizedDiceLossOptions.Monai;
        using var scope = NewDisposeScope();
        var counts = OverlapCounts.Of(SegmentationInput.Of(scores, target, options.Activation, options.IgnoreIndex));
        counts = options.IncludeBackground ? counts : counts.Foreground();
        if (options.OverBatch)
        {
            counts = counts.Pooled(OverlapPooling.Class).Each(sums => sums.unsqueeze(0));
        }

        var weights = Weights(counts.Target, options.Weight);
        var numerator = (counts.Intersection * weights).sum(1) * 2;
        var denominator = ((counts.Predicted + counts.Target) * weights).sum(1);
        var loss = 1 - ((numerator + options.NumeratorSmoothing) / (denominator + options.DenominatorSmoothing));
        var result = options.Reduction switch
        {
            nn.Reduction.None => loss,
            nn.Reduction.Sum => loss.sum(),
            _ => loss.mean(),
        };
        return result.to(scores.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor Weights(Tensor volumes, VolumeWeight weight)
    {
        if (weight == VolumeWeight.Uniform)
        {
            return ones_like(volumes);
        }

        var weights = (weight == VolumeWeight.Square ? volumes.square() : volumes).reciprocal();
        var empty = weights.isinf();
        var finite = weights.where(empty.logical_not(), zeros_like(weights));
        return finite.where(empty.logical_not(), finite.amax([1], keepdim: true).expand_as(finite));
    }
}
