namespace DeepTricks.Distillation;

/// <summary>How a <see cref="HeatMapDistillationLoss"/> is computed.</summary>
public sealed record HeatMapDistillationLossOptions
{
    /// <summary>Whether each map is a distribution over its places, of logits, and compared by KL; false by default: maps are compared by the mean square.</summary>
    public bool Distribution { get; init; }

    /// <summary>T of the distributions, whose KL is multiplied by T²; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 1;
}
