namespace DeepTricks.Distillation;

/// <summary>How an <see cref="InBatchContrastLoss"/> is made.</summary>
public sealed record InBatchContrastLossOptions
{
    /// <summary>The numbers of a sample's features of the student.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public required int StudentFeatures { get; init => field = ContrastiveDistillationLossOptions.AtLeastOne(value); }

    /// <summary>The numbers of a sample's features of the teacher.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public required int TeacherFeatures { get; init => field = ContrastiveDistillationLossOptions.AtLeastOne(value); }

    /// <summary>The numbers of an embedded vector; 128 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Dimension { get; init => field = ContrastiveDistillationLossOptions.AtLeastOne(value); } = ContrastiveDistillationLossOptions.DefaultDimension;

    /// <summary>τ; 0.07 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = ContrastiveDistillationLossOptions.DefaultTemperature;
}
