using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>
/// The part of the samples whose highest score is at the target's class, from 0 to 1. Outputs are scores [N, C] of any floating dtype, targets classes
/// [N], int64, on the same device.
/// </summary>
public sealed class Accuracy() : MeanMetric("accuracy")
{
    /// <inheritdoc/>
    protected override long Check(Tensor output, Tensor target) => ClassScores.Check(output, target);

    /// <inheritdoc/>
    protected override Tensor Sum(Tensor output, Tensor target) => output.argmax(1).eq(target).sum();
}
