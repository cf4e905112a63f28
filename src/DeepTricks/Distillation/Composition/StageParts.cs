using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>What a stage trains with. The recipe disposes of the optimiser and of the callbacks.</summary>
/// <param name="Objective">The model of the stage, which may be a connector, and its loss.</param>
/// <param name="Optimizer">The optimiser.</param>
/// <param name="Callbacks">Who takes part.</param>
public sealed record StageParts(Objective Objective, optim.Optimizer Optimizer, params IReadOnlyList<Callback> Callbacks);
