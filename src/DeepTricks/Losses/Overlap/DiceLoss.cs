using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// 1 − (2 Σpt + s) / (Σp + Σt + s'): the overlap of soft masks, which does not care how rare a class is
/// (Milletari et al., "V-Net", 2016; MONAI's DiceLoss and segmentation_models.pytorch's, see the presets).
/// </summary>
public sealed class DiceLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly DiceLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; MONAI's over a softmax where null.</param>
    public DiceLoss(DiceLossOptions? options = null)
        : base(nameof(DiceLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">[N, C] or [N, C, d1, ...], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape, on their device.</param>
    /// <returns>A scalar; [N, C], [C] or [N] without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor scores, Tensor target) => Compute(scores, target, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="scores">[N, C] or [N, C, d1, ...], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape, on their device.</param>
    /// <param name="options">The settings; MONAI's over a softmax where null.</param>
    /// <returns>A scalar; [N, C], [C] or [N] without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(Tensor scores, Tensor target, DiceLossOptions? options = null)
    {
        options ??= DiceLossOptions.Monai;
        return new OverlapLoss(options, 2, 0.5, 0.5, options.Squared).Of(scores, target);
    }
}
