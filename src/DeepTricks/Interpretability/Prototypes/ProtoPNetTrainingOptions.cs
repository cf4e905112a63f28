using DeepTricks.Training;

namespace DeepTricks.Interpretability;

/// <summary>How a <see cref="ProtoPNet"/> is trained.</summary>
public sealed record ProtoPNetTrainingOptions
{
    /// <summary>When what learns, and how fast; the authors' by default.</summary>
    public PrototypeSchedule Schedule { get; init; } = new();

    /// <summary>How much each cost counts; the authors' by default.</summary>
    public PrototypeCostWeights Weights { get; init; } = new();

    /// <summary>How prototypes are projected; by default onto images of their class, which are not normalised.</summary>
    public PrototypeSearchOptions Search { get; init; } = new();

    /// <summary>Who takes part in the training of a phase; each phase has a trainer and callbacks of its own, made once. Nobody by default.</summary>
    public Func<PrototypePhase, IEnumerable<Callback>> Callbacks { get; init; } = _ => [];

    /// <summary>The settings of the trainers; see <see cref="TrainerOptions"/> for the defaults.</summary>
    public TrainerOptions Trainer { get; init; } = new();

    /// <summary>What is evaluated after the epochs; nothing by default. A checkpoint to go on from is not for several phases.</summary>
    public FitOptions Fit { get; init; } = new();
}
