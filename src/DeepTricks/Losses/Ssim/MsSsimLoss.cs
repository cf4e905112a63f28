using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// 1 − MS-SSIM: structural similarity at several scales, which makes much of boundaries
/// (Wang et al., "Multi-Scale Structural Similarity for Image Quality Assessment", 2003; in UNet3+ a part of the hybrid loss).
/// </summary>
public sealed class MsSsimLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly MsSsimLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; <see cref="MsSsimLossOptions.Textbook"/> where null.</param>
    public MsSsimLoss(MsSsimLossOptions? options = null)
        : base(nameof(MsSsimLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">[N, C, H, W] or [N, C, D, H, W], of a floating type; values or logits as the options say.</param>
    /// <param name="target">Values of the same shape, or labels [N, H, W] or [N, D, H, W], int64, of which each class becomes a mask; on the scores' device.</param>
    /// <returns>A scalar; [N] without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, a side is too small for the levels, or a label is no class.</exception>
    public override Tensor forward(Tensor scores, Tensor target) => Compute(scores, target, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="scores">[N, C, H, W] or [N, C, D, H, W], of a floating type; values or logits as the options say.</param>
    /// <param name="target">Values of the same shape, or labels [N, H, W] or [N, D, H, W], int64, of which each class becomes a mask; on the scores' device.</param>
    /// <param name="options">The settings; <see cref="MsSsimLossOptions.Textbook"/> where null.</param>
    /// <returns>A scalar; [N] without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, a side is too small for the levels, or a label is no class.</exception>
    public static Tensor Compute(Tensor scores, Tensor target, MsSsimLossOptions? options = null)
    {
        options ??= MsSsimLossOptions.Textbook;
        return StructuralSimilarity.Loss(scores, target, options, options);
    }
}
