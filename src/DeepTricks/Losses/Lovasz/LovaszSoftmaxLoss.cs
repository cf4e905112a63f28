using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// The Lovász extension of the Jaccard loss over probabilities: what trains for the mean IoU itself
/// (Berman, Triki and Blaschko, "The Lovász-Softmax loss", 2018; bermanmaxim/LovaszSoftmax).
/// </summary>
public sealed class LovaszSoftmaxLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly LovaszSoftmaxLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; classes of the batch that are present where null.</param>
    public LovaszSoftmaxLoss(LovaszSoftmaxLossOptions? options = null)
        : base(nameof(LovaszSoftmaxLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">[N, C] or [N, C, d1, ...], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape (above 0.5 is inside), on their device.</param>
    /// <returns>A scalar; 0 where no pixel counts.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor scores, Tensor target) => Compute(scores, target, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="scores">[N, C] or [N, C, d1, ...], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape (above 0.5 is inside), on their device.</param>
    /// <param name="options">The settings; classes of the batch that are present where null.</param>
    /// <returns>A scalar; 0 where no pixel counts.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(Tensor scores, Tensor target, LovaszSoftmaxLossOptions? options = null)
    {
        options ??= new();
        var form = new LovaszForm(Hinge: false, options.PerImage, options.Classes == LovaszClasses.Present);
        return form.Of(scores, target, options.Activation, options.IgnoreIndex);
    }
}
