namespace DeepTricks.Distillation;

/// <summary>How the terms of a loss of features become one number.</summary>
public abstract record FeatureLossOptions
{
    /// <summary>Over what the terms are averaged.</summary>
    public FeatureReduction Reduction { get; init; }

    /// <summary>What multiplies the result, above 0; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Factor { get; init => field = LogitChecks.Positive(value, nameof(Factor)); } = 1;
}
