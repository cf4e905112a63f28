namespace DeepTricks.Interpretability;

/// <summary>How many neighbours are kept, and how many are looked at for them.</summary>
public sealed record NearestNeighborsOptions
{
    /// <summary>
    /// The neighbours kept of each point, at least 2, which is the default and all that <see cref="TwoNN"/> needs. With 8, any part of nine tenths of the
    /// points can be analysed without another search: fewer than two of eight are left of 7 points in 10 million.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public int Count
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(Count), value, "Expected at least 2.");
    } = 2;

    /// <summary>
    /// The neighbours whose distances are computed again in double precision, besides those kept; at least 1, 30 by default. More of them cost memory
    /// (8 bytes each a point) and make it rarer that a point must be searched again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Candidates
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Candidates), value, "Expected at least 1.");
    } = 30;

    /// <summary>Whether the CPU works with tensor operations, as other devices do; for tests.</summary>
    internal bool TensorOperations { get; init; }

    /// <summary>The precisions that are tried, for tests; null for those that the device is fast in.</summary>
    internal IReadOnlyList<TorchSharp.torch.ScalarType>? Precisions { get; init; }
}
