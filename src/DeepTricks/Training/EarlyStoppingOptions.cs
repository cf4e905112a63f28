namespace DeepTricks.Training;

/// <summary>Settings of <see cref="EarlyStopping"/>.</summary>
public sealed record EarlyStoppingOptions
{
    /// <summary>The figure to watch; the lowest "validation/loss" by default.</summary>
    public Goal Goal { get; init; } = Goal.Lowest("validation/loss");

    /// <summary>The epochs without improvement after which the run stops; 3 by default, as in Lightning.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Patience
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Patience), value, "Expected at least 1.");
    } = 3;

    /// <summary>By how much a figure must be better to count as such; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or NaN.</exception>
    public double MinimumChange
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(MinimumChange), value, "Expected 0 or more.");
    }
}
