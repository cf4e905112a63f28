using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>
/// A named part of the loss of a micro-batch. Terms stay apart until the step, where they are summed once:
/// loss = sum of Weight * share * Value. The share makes the gradients of a split batch equal those of the whole one.
/// </summary>
/// <param name="Name">The name under which the term is logged, for example "loss" or "penalty".</param>
/// <param name="Value">The value before weighting: a tensor of one element, differentiable.</param>
/// <param name="Weight">The weight of the term; 1 by default.</param>
/// <param name="Count">
/// The number of items of the micro-batch of which <paramref name="Value"/> is the mean; 0, the default, stands for its rows.
/// </param>
/// <param name="Total">
/// The number of such items in the whole batch; 0, the default, stands for its rows. The share is Count / Total.
/// A loss that is a mean over unequally spread items (targets that are not ignored) counts them in <see cref="StepContext.BatchTarget"/>.
/// </param>
public readonly record struct LossTerm(string Name, Tensor Value, double Weight = 1, long Count = 0, long Total = 0)
{
    /// <summary>A term that is a sum, to which each micro-batch adds its own part: its share is 1.</summary>
    /// <param name="name">The name of the term.</param>
    /// <param name="value">The part of this micro-batch.</param>
    /// <param name="weight">The weight of the term.</param>
    /// <returns>The term.</returns>
    public static LossTerm Sum(string name, Tensor value, double weight = 1) => new(name, value, weight, 1, 1);

    internal double Share(long rows, long batchRows) => (Count == 0 ? rows : Count) / (double)(Total == 0 ? batchRows : Total);
}
