namespace DeepTricks.Interpretability;

/// <summary>How many principal components a dimension is.</summary>
public sealed record PrincipalDimensionOptions
{
    /// <summary>
    /// The authors' PC-ID (ansuini/IntrinsicDimDeep), as their code has it: the zero-based index of the component with which more than nine tenths are reached, one less
    /// than the number of components.
    /// </summary>
    public static PrincipalDimensionOptions Authors { get; } = new() { ZeroBased = true };

    /// <summary>The part of the variance that must be exceeded, from 0 to below 1; 0.9 by default, as in the study of deep networks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside.</exception>
    public double Variance
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Variance), value, "Expected 0 to below 1.");
    } = 0.9;

    /// <summary>Whether the first component counts as 0; false by default.</summary>
    public bool ZeroBased { get; init; }
}
