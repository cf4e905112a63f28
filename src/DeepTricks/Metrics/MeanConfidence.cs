using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>
/// The mean of the highest probability of each sample, from 1/C to 1: how certain a model is, right or wrong. Outputs are logits [N, C] of any floating
/// dtype, before the softmax, targets classes [N], int64.
/// </summary>
public sealed class MeanConfidence() : MeanMetric("confidence")
{
    /// <inheritdoc/>
    protected override long Check(Tensor output, Tensor target) => ClassScores.Check(output, target);

    /// <inheritdoc/>
    protected override Tensor Sum(Tensor output, Tensor target) => CalibrationBins.Confidence(output).Confidence.sum();
}
