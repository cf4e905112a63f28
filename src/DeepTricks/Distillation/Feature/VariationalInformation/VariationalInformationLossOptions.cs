namespace DeepTricks.Distillation;

/// <summary>The regressor and the beginning of a <see cref="VariationalInformationLoss"/>.</summary>
public sealed record VariationalInformationLossOptions
{
    private const double FirstVariance = 5, RepDistillerEpsilon = 1e-5, ZooEpsilon = 1e-6;

    /// <summary>RepDistiller, after the authors' code; the default. Its weight is 1.</summary>
    public static VariationalInformationLossOptions RepDistiller { get; } = new();

    /// <summary>Knowledge-Distillation-Zoo: another constant, and weights drawn normally by fan out.</summary>
    public static VariationalInformationLossOptions KdZoo { get; } = new() { Epsilon = ZooEpsilon, KaimingFanOut = true };

    /// <summary>The variance at the start, above <see cref="Epsilon"/>; 5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double InitialVariance { get; init => field = LogitChecks.Positive(value, nameof(InitialVariance)); } = FirstVariance;

    /// <summary>The least variance, above 0; 1e-5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Epsilon { get; init => field = LogitChecks.Positive(value, nameof(Epsilon)); } = RepDistillerEpsilon;

    /// <summary>The channels between the regressor's layers, at least 1; null, the default, for the teacher's, as RepDistiller's script says.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long? HiddenChannels { get; init => field = value is { } given ? FeatureChecks.Count(given, nameof(HiddenChannels)) : null; }

    /// <summary>Whether the weights are drawn normally with the deviation √(2 / fan out); false, the default, for PyTorch's own beginning.</summary>
    public bool KaimingFanOut { get; init; }
}
