using DeepTricks.Losses;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>
/// A mean over the samples that count, as a term of the loss of a micro-batch: its sum over what the whole batch divides by, so that
/// class weights and ignored labels split exactly.
/// </summary>
/// <param name="Reduction">Mean or sum.</param>
/// <param name="IgnoreIndex">Samples with this label count for nothing.</param>
/// <param name="ClassWeight">[K]; null for 1.</param>
internal sealed record MeanTerm(nn.Reduction Reduction, long IgnoreIndex, Tensor? ClassWeight = null)
{
    /// <summary>The settings, after making sure that they give a scalar.</summary>
    internal static MeanTerm For(nn.Reduction reduction, long ignoreIndex, Tensor? classWeight = null) => reduction == nn.Reduction.None
        ? throw new ArgumentException("Expected a reduction to a mean or a sum: a term of the loss is a scalar.", nameof(reduction))
        : new(reduction, ignoreIndex, classWeight);

    /// <summary>The term of a micro-batch.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="step">The micro-batch, whose targets are labels.</param>
    /// <param name="loss">The loss of the micro-batch in a reduction.</param>
    /// <param name="weight">The term's weight.</param>
    internal LossTerm Of(string name, StepContext step, Func<nn.Reduction, Tensor> loss, double weight = 1)
    {
        if (Reduction == nn.Reduction.Sum)
        {
            return LossTerm.Sum(name, loss(nn.Reduction.Sum), weight);
        }

        if (step.Rows == step.BatchRows)
        {
            return new(name, loss(nn.Reduction.Mean), weight);
        }

        using var scope = NewDisposeScope();
        var sum = loss(nn.Reduction.Sum);
        var items = SoftTargetLoss.Items(step.BatchTarget!, ClassWeight, IgnoreIndex).to(sum.dtype);
        return LossTerm.Sum(name, (sum / items).MoveToOuterDisposeScope(), weight);
    }
}
