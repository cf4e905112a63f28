using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>
/// Cross-entropy towards softened targets: (1 − ε) one-hot + ε/K, or a distribution for each class
/// (Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", 2016).
/// </summary>
/// <remarks>
/// Use it as a function, <see cref="Compute(Tensor, Tensor, double, Tensor?, long, nn.Reduction)"/>, or as a module with the settings inside.
/// With uniform targets it equals PyTorch's <c>cross_entropy(..., label_smoothing)</c> to rounding, class weights and
/// ignored labels included: a class weight multiplies that class's term of every sample, and the mean divides by the sum of the samples' weights.
/// </remarks>
public sealed class LabelSmoothingLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly LabelSmoothingOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; uniform smoothing of 0.1 where null.</param>
    public LabelSmoothingLoss(LabelSmoothingOptions? options = null)
        : base(nameof(LabelSmoothingLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor logits, Tensor labels) => _options.Targets is { } targets
        ? Compute(logits, labels, targets, _options.Weight, _options.IgnoreIndex, _options.Reduction)
        : Compute(logits, labels, _options.Smoothing, _options.Weight, _options.IgnoreIndex, _options.Reduction);

    /// <summary>Cross-entropy towards (1 − ε) one-hot + ε/K.</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device.</param>
    /// <param name="smoothing">ε, in [0, 1].</param>
    /// <param name="weight">[K], a weight for each class; null for 1.</param>
    /// <param name="ignoreIndex">Samples with this label count for nothing.</param>
    /// <param name="reduction">The mean divides by the sum of the samples' weights; it is NaN where no sample counts.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(
        Tensor logits, Tensor labels, double smoothing = LabelSmoothingOptions.DefaultSmoothing, Tensor? weight = null,
        long ignoreIndex = LabelSmoothingOptions.DefaultIgnoreIndex, nn.Reduction reduction = nn.Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(labels);
        LabelSmoothingOptions.CheckSmoothing(smoothing);
        return new SoftTargetLoss(labels, smoothing, null, weight, IgnoreIndex: ignoreIndex, Reduction: reduction).Of(logits);
    }

    /// <summary>Cross-entropy towards a distribution for each class, as of similar classes.</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device.</param>
    /// <param name="targets">The distributions of the K classes.</param>
    /// <param name="weight">[K], a weight for each class; null for 1.</param>
    /// <param name="ignoreIndex">Samples with this label count for nothing.</param>
    /// <param name="reduction">The mean divides by the sum of the samples' weights; it is NaN where no sample counts.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(
        Tensor logits, Tensor labels, ClassTargets targets, Tensor? weight = null,
        long ignoreIndex = LabelSmoothingOptions.DefaultIgnoreIndex, nn.Reduction reduction = nn.Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(targets);
        return new SoftTargetLoss(labels, 0, targets, weight, IgnoreIndex: ignoreIndex, Reduction: reduction).Of(logits);
    }
}
