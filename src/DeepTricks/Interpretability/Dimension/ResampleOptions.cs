namespace DeepTricks.Interpretability;

/// <summary>How an estimate is repeated on parts of the points.</summary>
public sealed record ResampleOptions
{
    /// <summary>The part of the points in each repetition, above 0 up to 1; 0.9 by default, as the authors' of the deep-network study.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside.</exception>
    public double Fraction
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Fraction), value, "Expected a value above 0 up to 1.");
    } = 0.9;

    /// <summary>The repetitions, at least 1; 50 by default, as theirs on MNIST.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Count
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Count), value, "Expected at least 1.");
    } = 50;

    /// <summary>Draws the parts; 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>How the neighbours are searched, once for all repetitions; 8 of each point by default.</summary>
    public NearestNeighborsOptions Neighbors { get; init; } = new() { Count = 8 };
}
