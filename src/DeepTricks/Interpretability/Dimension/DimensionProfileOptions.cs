namespace DeepTricks.Interpretability;

/// <summary>How the dimension is followed through a network.</summary>
public sealed record DimensionProfileOptions
{
    /// <summary>How often each layer's dimension is estimated and on which parts of the inputs; see <see cref="ResampleOptions"/> for the defaults.</summary>
    public ResampleOptions Resampling { get; init; } = new();

    /// <summary>How it is estimated; see <see cref="TwoNNOptions"/> for the defaults.</summary>
    public TwoNNOptions Estimate { get; init; } = new();

    /// <summary>How principal components are counted; null, the default, where they shall not be: on wide layers they take longer than everything else.</summary>
    public PrincipalDimensionOptions? PrincipalComponents { get; init; }

    /// <summary>Whether the inputs themselves come first; true by default.</summary>
    public bool Input { get; init; } = true;

    /// <summary>The inputs that the network gets at a time, at least 1; 256 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "Expected at least 1.");
    } = 256;
}
