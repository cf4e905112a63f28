namespace DeepTricks.Distillation;

/// <summary>How a <see cref="WeightedSoftLabelLoss"/> is computed.</summary>
public sealed record WeightedSoftLabelLossOptions
{
    /// <summary>T of the soft labels; 1 by default, as in mmrazor. The weights are always of T = 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 1;
}
