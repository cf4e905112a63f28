using DeepTricks.Data;
using DeepTricks.Training;

namespace DeepTricks.Distillation;

/// <summary>A part of a <see cref="Recipe"/>: what is trained, on what, for how long.</summary>
/// <param name="Name">Its name, which its folder has too.</param>
/// <param name="Source">The training data.</param>
/// <param name="Duration">How long, in steps or epochs.</param>
/// <param name="Make">
/// Makes the objective, the optimiser and the callbacks when the stage begins, and again when it is resumed; what earlier stages trained is in the networks by then.
/// It may draw from the default generator.
/// </param>
public sealed record Stage(string Name, IBatchSource Source, Duration Duration, Func<StageParts> Make)
{
    /// <summary>Evaluation during the stage; none by default. <see cref="FitOptions.ResumeFrom"/> is the recipe's.</summary>
    public FitOptions Options { get; init; } = new();

    /// <summary>The settings of the stage's trainer.</summary>
    public TrainerOptions TrainerOptions { get; init; } = new();
}
