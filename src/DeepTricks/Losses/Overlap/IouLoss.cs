using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// 1 − (Σpt + s) / (Σp + Σt − Σpt + s'): the soft intersection over union, or Jaccard index (Rahman and Wang, "Optimizing Intersection-Over-Union in
/// Deep Neural Networks for Image Segmentation", 2016; with the presets of MONAI, segmentation_models.pytorch and the authors of UNet3+).
/// </summary>
public sealed class IouLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly IouLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; MONAI's over a softmax where null.</param>
    public IouLoss(IouLossOptions? options = null)
        : base(nameof(IouLoss)) => _options = options ?? new();

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
    public static Tensor Compute(Tensor scores, Tensor target, IouLossOptions? options = null)
    {
        options ??= IouLossOptions.Monai;
        return new OverlapLoss(options, 1, 1, 1).Of(scores, target);
    }
}
