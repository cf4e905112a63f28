namespace DeepTricks.Distillation;

/// <summary>How peers learn from each other in <see cref="MutualLearning"/>.</summary>
public sealed record MutualLearningOptions
{
    /// <summary>The weight of what the others say, against 1 for the labels; 1 by default, as in the paper.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>What softens all logits, with T² before the divergence; 1 by default, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 1;
}
