namespace DeepTricks.Interpretability;

/// <summary>Which prototypes are taken away.</summary>
public sealed record PrototypePruningOptions
{
    /// <summary>The nearest patches that are looked at, at least 1; 6, the authors', by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Neighbors
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Neighbors), value, "Expected at least 1.");
    } = 6;

    /// <summary>A prototype goes where fewer of them than this are of its class; 3, the authors', by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Threshold
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Threshold), value, "Expected no negative number.");
    } = 3;
}
