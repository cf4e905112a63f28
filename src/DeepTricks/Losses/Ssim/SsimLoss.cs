using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// 1 − SSIM: how far two images differ in luminance, contrast and structure within a Gaussian window
/// (Wang et al., "Image Quality Assessment: From Error Visibility to Structural Similarity", 2004; equal to pytorch-msssim).
/// </summary>
public sealed class SsimLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly SsimLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; the paper's for values in [0, 1] where null.</param>
    public SsimLoss(SsimLossOptions? options = null)
        : base(nameof(SsimLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">[N, C, H, W] or [N, C, D, H, W], of a floating type; values or logits as the options say.</param>
    /// <param name="target">Values of the same shape, or labels [N, H, W] or [N, D, H, W], int64, of which each class becomes a mask; on the scores' device.</param>
    /// <returns>A scalar; [N] without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, a side is smaller than the window, or a label is no class.</exception>
    public override Tensor forward(Tensor scores, Tensor target) => Compute(scores, target, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="scores">[N, C, H, W] or [N, C, D, H, W], of a floating type; values or logits as the options say.</param>
    /// <param name="target">Values of the same shape, or labels [N, H, W] or [N, D, H, W], int64, of which each class becomes a mask; on the scores' device.</param>
    /// <param name="options">The settings; the paper's for values in [0, 1] where null.</param>
    /// <returns>A scalar; [N] without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, a side is smaller than the window, or a label is no class.</exception>
    public static Tensor Compute(Tensor scores, Tensor target, SsimLossOptions? options = null) =>
        StructuralSimilarity.Loss(scores, target, options ?? new(), levels: null);
}
