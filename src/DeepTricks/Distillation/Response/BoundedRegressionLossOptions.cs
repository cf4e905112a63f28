namespace DeepTricks.Distillation;

/// <summary>How a <see cref="BoundedRegressionLoss"/> is computed.</summary>
public sealed record BoundedRegressionLossOptions
{
    /// <summary>m, by how much a student's squared error has to be below the teacher's to cost nothing; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double Margin { get; init => field = LogitChecks.NotNegative(value); }
}
