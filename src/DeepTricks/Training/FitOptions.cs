using DeepTricks.Data;
using DeepTricks.Metrics;

namespace DeepTricks.Training;

/// <summary>Settings of a call of <see cref="Trainer.Fit"/>.</summary>
public sealed record FitOptions
{
    /// <summary>Data to evaluate on after epochs; none by default. Results stand in <see cref="Trainer.Metrics"/> as "validation/...".</summary>
    public IBatchSource? Validation { get; init; }

    /// <summary>What to compute on <see cref="Validation"/> beside the loss; nothing by default. They stay the caller's.</summary>
    public IReadOnlyList<IMetric> Metrics { get; init; } = [];

    /// <summary>The number of epochs from one evaluation to the next; 1 by default. The last epoch is evaluated always.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int ValidateEveryEpochs
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(ValidateEveryEpochs), value, "Expected at least 1.");
    } = 1;

    /// <summary>A checkpoint to go on from, where the file exists; null, the default, starts anew or goes on with what was loaded.</summary>
    public string? ResumeFrom { get; init; }
}
