using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>How the networks of an <see cref="AssistantChain"/> learn from one another.</summary>
public sealed record AssistantChainOptions
{
    /// <summary>Makes the optimiser of a network when its stage begins.</summary>
    public required Func<nn.Module, optim.Optimizer> Optimizer { get; init; }

    /// <summary>The loss towards the network before; T² KL at T = 4, the mean over the samples, by default. TAKD's own is <see cref="KnowledgeDistillationLossOptions.TeacherAssistant"/>.</summary>
    public KnowledgeDistillationLossOptions Loss { get; init; } = new();

    /// <summary>λ, the weight of that loss over time, with 1 − λ for the labels; 0.9 by default. TAKD's authors search λ and T for each step of the chain.</summary>
    public Schedule Weight { get; init; } = 0.9;

    /// <summary>Further callbacks of a network's stage: schedules of the learning rate, logs; none where null, the default.</summary>
    public Func<nn.Module, IReadOnlyList<Callback>>? Callbacks { get; init; }
}
