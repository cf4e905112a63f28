using DeepTricks.Data;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Teacher assistants: a network of a size between teaches where the teacher is too far above the student. Each network of a chain learns from the one before it, the last is the student
/// (Mirzadeh et al., "Improved Knowledge Distillation via Teacher Assistant", AAAI 2020).
/// </summary>
public static class AssistantChain
{
    /// <summary>The stages of a chain, for a <see cref="Recipe"/>.</summary>
    /// <param name="teacher">The trained teacher, which stays as it is.</param>
    /// <param name="learners">The assistants from large to small and the student at the end, with names; a recipe has them among its networks.</param>
    /// <param name="source">The training data.</param>
    /// <param name="duration">How long each of them learns.</param>
    /// <param name="options">How they learn.</param>
    /// <exception cref="ArgumentException">There is no learner.</exception>
    public static IReadOnlyList<Stage> Stages(
        nn.Module<Tensor, Tensor> teacher, IReadOnlyList<(string Name, nn.Module<Tensor, Tensor> Network)> learners, IBatchSource source, Duration duration,
        AssistantChainOptions options)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(learners);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (learners.Count == 0)
        {
            throw new ArgumentException("Expected at least one network that learns.", nameof(learners));
        }

        return [.. learners.Select((learner, i) => new Stage(learner.Name, source, duration, () => Parts(learner.Network, i == 0 ? teacher : learners[i - 1].Network, options)))];
    }

    private static StageParts Parts(nn.Module<Tensor, Tensor> learner, nn.Module<Tensor, Tensor> teacher, AssistantChainOptions options)
    {
        var distiller = new Distiller(learner, new FrozenTeacher(teacher), TransferTerm.Of("kd", new KnowledgeDistillationLoss(options.Loss), weight: options.Weight));
        var labels = Schedule.Of(time => 1 - options.Weight.At(time));
        return new(Objective.Classification(learner), options.Optimizer(learner), [new DistillationCallback(distiller, labels), .. options.Callbacks?.Invoke(learner) ?? []]);
    }
}
