namespace DeepTricks.Training;

/// <summary>Settings of <see cref="TopCheckpoints"/>.</summary>
public sealed record CheckpointOptions
{
    /// <summary>The figure that says which epochs are the best; null, the default, keeps the last checkpoint alone.</summary>
    public Goal? Goal { get; init; }

    /// <summary>The number of best epochs to keep; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Keep
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Keep), value, "Expected at least 1.");
    } = 1;

    /// <summary>The time between two writings of the last checkpoint; an epoch by default. The end of the run is always written.</summary>
    public Duration Interval { get; init; } = Duration.Epochs(1);
}
