using DeepTricks.Data;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Born-again networks: a network learns from the labels and from one of the same shape that was trained before it, generation after generation
/// (Furlanello et al., "Born-Again Neural Networks", ICML 2018). The mean of all generations' probabilities is their ensemble (<see cref="TeacherGroup"/>).
/// </summary>
public static class BornAgain
{
    /// <summary>
    /// One stage for each generation, for a <see cref="Recipe"/>: "generation-0" learns from the labels alone, each later one from the labels and the one before it, frozen.
    /// </summary>
    /// <param name="generations">The networks, each with weights of its own to start from.</param>
    /// <param name="source">The training data.</param>
    /// <param name="duration">How long each generation is trained.</param>
    /// <param name="optimizer">Makes the optimiser of a generation.</param>
    /// <param name="term">
    /// Makes what a generation takes over: <see cref="ConfidenceWeightedLoss"/> and <see cref="PermutedKnowledgeLoss"/> are the paper's controls. KL at T = 1 beside the labels where null, as in the paper.
    /// </param>
    public static IReadOnlyList<Stage> Stages(IReadOnlyList<nn.Module<Tensor, Tensor>> generations, IBatchSource source, Duration duration,
        Func<nn.Module<Tensor, Tensor>, optim.Optimizer> optimizer, Func<TransferTerm>? term = null)
    {
        ArgumentNullException.ThrowIfNull(generations);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (generations.Count == 0) throw new ArgumentException("Expected at least one generation.", nameof(generations));
        term ??= () => TransferTerm.Of("previous", new KnowledgeDistillationLoss(new() { Temperature = 1 }));
        return [.. generations.Select((network, i) => new Stage($"generation-{i}", source, duration, () => i == 0
            ? new(Objective.Classification(network), optimizer(network))
            : new(Objective.Classification(network), optimizer(network), new DistillationCallback(new(network, new FrozenTeacher(generations[i - 1]), term())))))];
    }
}
