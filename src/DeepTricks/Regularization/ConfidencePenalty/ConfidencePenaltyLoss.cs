using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>
/// Cross-entropy minus β times the entropy of the prediction: a confident prediction costs, whatever its class
/// (Pereyra et al., "Regularizing Neural Networks by Penalizing Confident Output Distributions", 2017).
/// </summary>
/// <remarks>
/// With a threshold Γ the penalty is β·max(0, Γ − H), so that a prediction more uncertain than Γ nats costs nothing. Without one
/// the loss may be negative: −β·H is what the paper adds.
/// </remarks>
public sealed class ConfidencePenaltyLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly ConfidencePenaltyOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; β = 0.1 without a threshold where null.</param>
    public ConfidencePenaltyLoss(ConfidencePenaltyOptions? options = null)
        : base(nameof(ConfidencePenaltyLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor logits, Tensor labels) =>
        Compute(logits, labels, _options.Beta, _options.Threshold, _options.IgnoreIndex, _options.Reduction);

    /// <summary>Cross-entropy with the penalty.</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device.</param>
    /// <param name="beta">β, at least 0.</param>
    /// <param name="threshold">Γ in nats; null for −β·H.</param>
    /// <param name="ignoreIndex">Samples with this label count for nothing, in the penalty neither.</param>
    /// <param name="reduction">The mean divides by the number of samples that count; it is NaN where there is none.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(
        Tensor logits, Tensor labels, double beta = ConfidencePenaltyOptions.DefaultBeta, double? threshold = null,
        long ignoreIndex = LabelSmoothingOptions.DefaultIgnoreIndex, nn.Reduction reduction = nn.Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Penalized(logits, beta, threshold, new(labels, IgnoreIndex: ignoreIndex, Reduction: reduction));
    }

    /// <summary>The penalty alone, to be added to any loss: −β·H, or β·max(0, Γ − H).</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="beta">β, at least 0.</param>
    /// <param name="threshold">Γ in nats; null for −β·H.</param>
    /// <param name="reduction">The mean is over all samples.</param>
    /// <returns>A scalar; [N] or [N, d1, ...] where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape or type does not fit.</exception>
    public static Tensor Penalty(
        Tensor logits, double beta = ConfidencePenaltyOptions.DefaultBeta, double? threshold = null, nn.Reduction reduction = nn.Reduction.Mean) =>
        Penalized(logits, beta, threshold, new(Labels: null, Reduction: reduction));

    /// <summary>The penalty alone, of the samples that are not ignored.</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device; they only say which samples are ignored.</param>
    /// <param name="beta">β, at least 0.</param>
    /// <param name="threshold">Γ in nats; null for −β·H.</param>
    /// <param name="ignoreIndex">Samples with this label count for nothing.</param>
    /// <param name="reduction">The mean divides by the number of samples that count; it is NaN where there is none.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Penalty(
        Tensor logits, Tensor labels, double beta = ConfidencePenaltyOptions.DefaultBeta, double? threshold = null,
        long ignoreIndex = LabelSmoothingOptions.DefaultIgnoreIndex, nn.Reduction reduction = nn.Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Penalized(logits, beta, threshold, new(labels, IgnoreIndex: ignoreIndex, Reduction: reduction, EntropyOnly: true));
    }

    private static Tensor Penalized(Tensor logits, double beta, double? threshold, SoftTargetLoss loss)
    {
        loss = loss with
        {
            Beta = ConfidencePenaltyOptions.CheckBeta(beta),
            Threshold = ConfidencePenaltyOptions.CheckThreshold(threshold) ?? double.PositiveInfinity,
        };
        return loss.Of(logits);
    }
}
