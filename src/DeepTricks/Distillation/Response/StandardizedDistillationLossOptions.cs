namespace DeepTricks.Distillation;

/// <summary>How a <see cref="StandardizedDistillationLoss"/> is computed.</summary>
public sealed record StandardizedDistillationLossOptions
{
    /// <summary>The divergence of the standardised logits: the mean over the samples with T² at T = 2 by default, the base temperature of the paper.</summary>
    public KnowledgeDistillationLossOptions Divergence { get; init; } = new() { Temperature = 2 };

    /// <summary>What is added to the deviation; 1e-7 by default, as in the authors' code and torchdistill.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double Epsilon { get; init => field = LogitChecks.NotNegative(value); } = 1e-7;
}
