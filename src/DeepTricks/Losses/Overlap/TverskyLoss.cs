using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// 1 − (TP + s) / (TP + α FP + β FN + s'): overlap in which misses and false alarms have weights of their own (Salehi et al., "Tversky loss function for
/// image segmentation using 3D fully convolutional deep networks", 2017), raised to a power where it is focal (Abraham and Khan, 2019).
/// </summary>
public sealed class TverskyLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly TverskyLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; MONAI's over a softmax where null.</param>
    public TverskyLoss(TverskyLossOptions? options = null)
        : base(nameof(TverskyLoss)) => _options = options ?? new();

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
    public static Tensor Compute(Tensor scores, Tensor target, TverskyLossOptions? options = null)
    {
        options ??= TverskyLossOptions.Monai;
        return new OverlapLoss(options, 1, options.FalsePositives, options.FalseNegatives, Exponent: options.Exponent).Of(scores, target);
    }
}
