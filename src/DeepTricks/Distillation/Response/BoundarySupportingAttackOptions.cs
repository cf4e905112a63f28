namespace DeepTricks.Distillation;

/// <summary>How <see cref="BoundarySupportingAttack"/> moves pictures; the defaults are Knowledge Distillation Zoo's.</summary>
public sealed record BoundarySupportingAttackOptions
{
    /// <summary>α, the share of what is missing to the boundary that a step goes; 0.3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double StepSize { get; init => field = LogitChecks.Positive(value); } = 0.3;

    /// <summary>The most steps; 10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Steps { get; init => field = ContrastiveDistillationLossOptions.AtLeastOne(value); } = 10;

    /// <summary>What is added to the difference of the probabilities, to get over the boundary; 1e-4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double Epsilon { get; init => field = LogitChecks.NotNegative(value); } = 1e-4;

    /// <summary>The range of the inputs; ±2.5 by default, for normalised pictures. Null for any.</summary>
    public (double Minimum, double Maximum)? Range { get; init; } = (-2.5, 2.5);
}
