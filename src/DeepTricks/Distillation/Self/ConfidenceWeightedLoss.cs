using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Born-again networks' control CWTM: the cross entropy with the labels, each sample weighted by how sure the teacher is of it (its highest probability, as a share of the batch's)
/// (Furlanello et al., "Born-Again Neural Networks", ICML 2018).
/// </summary>
public sealed class ConfidenceWeightedLoss() : nn.Module<Tensor, Tensor, Tensor, Tensor>(nameof(ConfidenceWeightedLoss))
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Logits [N, C].</param>
    /// <param name="teacher">Logits [N, C]; get no gradient.</param>
    /// <param name="labels">[N], int64.</param>
    /// <returns>A scalar: the weights sum up to 1.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher, Tensor labels)
    {
        LogitChecks.Logits(student, teacher);
        LogitChecks.Labels(labels, student);
        using var scope = NewDisposeScope();
        var sure = teacher.detach().softmax(1).amax([1L]);
        return (nn.functional.cross_entropy(student, labels, reduction: nn.Reduction.None) * (sure / sure.sum())).sum().MoveToOuterDisposeScope();
    }
}
