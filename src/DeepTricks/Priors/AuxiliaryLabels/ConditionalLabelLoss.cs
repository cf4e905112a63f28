using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// −log p(fine class | main class): the softmax runs over the fine classes of the sample's own main class alone. A softmax over all fine classes would learn
/// −log p(main) − log p(fine | main), the main class a second time; here the scores of other main classes have no gradient, and the scores of the own one a gradient of sum 0, so
/// that nothing is said about which main class it is.
/// </summary>
public static class ConditionalLabelLoss
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">[N, F], of a floating type.</param>
    /// <param name="labels">Fine classes [N], int64, or <see cref="AuxiliaryTask.IgnoreIndex"/>.</param>
    /// <param name="task">The fine classes.</param>
    /// <param name="reduction">The mean over the labelled samples by default, 0 where there are none.</param>
    /// <returns>A scalar; [N] without a reduction.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit, or a label is no class.</exception>
    public static Tensor Compute(Tensor scores, Tensor labels, AuxiliaryTask task, nn.Reduction reduction = nn.Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(task);
        Check(scores, labels, task);
        using var scope = NewDisposeScope();
        var labelled = labels.ne(task.IgnoreIndex);
        var classes = where(labelled, labels, zeros_like(labels));
        var losses = nn.functional.cross_entropy(Restricted(scores, classes, task), classes, reduction: nn.Reduction.None) * labelled.to(scores.dtype);
        var result = reduction switch
        {
            nn.Reduction.Mean => losses.sum() / labelled.sum().clamp_min(1),
            nn.Reduction.Sum => losses.sum(),
            _ => losses,
        };
        return result.MoveToOuterDisposeScope();
    }

    // The others at −∞, whose softmax and gradient are exactly 0.
    private static Tensor Restricted(Tensor scores, Tensor classes, AuxiliaryTask task)
    {
        if (task.MainClasses is not { } main)
        {
            return scores;
        }

        var mainOf = tensor(main.Select(one => (long)one).ToArray(), device: scores.device);
        var others = mainOf.unsqueeze(0).ne(mainOf.index_select(0, classes).unsqueeze(1));
        return scores.masked_fill(others, double.NegativeInfinity);
    }

    private static void Check(Tensor scores, Tensor labels, AuxiliaryTask task)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(labels);
        if (scores.dim() != 2 || scores.size(1) != task.Classes || !scores.is_floating_point())
        {
            throw new ArgumentException(
                $"Expected scores [N, {task.Classes}] of a floating type for \"{task.Name}\"; the shape is {scores.ShapeText()}, the type {scores.dtype}.",
                nameof(scores));
        }

        if (labels.dim() != 1 || labels.size(0) != scores.size(0) || labels.dtype != ScalarType.Int64 || !labels.SharesDeviceWith(scores))
        {
            throw new ArgumentException(
                $"Expected labels [{scores.size(0)}] of type Int64 on {scores.device} for \"{task.Name}\"; the shape is {labels.ShapeText()}, "
                + $"the type {labels.dtype}, the device {labels.device}.", nameof(labels));
        }

        SoftTargetChecks.CheckRange(labels, task.Classes, task.IgnoreIndex);
    }
}
