namespace DeepTricks.Distillation;

/// <summary>How the exits of <see cref="BeYourOwnTeacher"/> learn from the last.</summary>
public sealed record BeYourOwnTeacherOptions
{
    /// <summary>α, the share of what the last exit says; the labels have 1 − α. 0.1 by default, as in the code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not from 0 to 1.</exception>
    public double Alpha { get; init => field = LogitChecks.Probability(value); } = 0.1;

    /// <summary>T, with T² before the divergence; 3 by default, as in the code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 3;

    /// <summary>β, the weight of the features; 1e-6 by default, as in the code, whose loss is a sum over the batch, channels and all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double FeatureWeight { get; init => field = LogitChecks.NotNegative(value); } = 1e-6;
}
