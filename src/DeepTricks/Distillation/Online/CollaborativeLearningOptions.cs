namespace DeepTricks.Distillation;

/// <summary>How peers learn from their ensemble in <see cref="CollaborativeLearning"/>.</summary>
public sealed record CollaborativeLearningOptions
{
    /// <summary>λ, the weight of what the ensemble says, against 1 for the labels; 1 by default.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>T, with T² before the divergence; 2 by default, ours.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 2;
}
