namespace DeepTricks.Training;

/// <summary>Settings of <see cref="StochasticWeightAveraging"/>.</summary>
public sealed record StochasticWeightAveragingOptions
{
    /// <summary>When averaging begins; after 0.75 of the training by default, as in the paper.</summary>
    public Duration Start { get; init; } = Duration.Fraction(0.75);

    /// <summary>The time from one weight of the average to the next; an epoch by default, as in the paper.</summary>
    public Duration Interval { get; init; } = Duration.Epochs(1);
}
