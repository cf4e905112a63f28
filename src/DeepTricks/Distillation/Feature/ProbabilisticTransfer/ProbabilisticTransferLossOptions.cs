namespace DeepTricks.Distillation;

/// <summary>The constant of a <see cref="ProbabilisticTransferLoss"/>.</summary>
public sealed record ProbabilisticTransferLossOptions
{
    private const double AuthorsEpsilon = 1e-7, ZooEpsilon = 1e-6;

    /// <summary>The authors' code (passalis/probabilistic_kt), which RepDistiller, mdistiller and torchdistill follow; the default. RepDistiller's weight is 30000, large because of the mean over all pairs.</summary>
    public static ProbabilisticTransferLossOptions Official { get; } = new();

    /// <summary>Knowledge-Distillation-Zoo, whose weight is 10000.</summary>
    public static ProbabilisticTransferLossOptions KdZoo { get; } = new() { Epsilon = ZooEpsilon };

    /// <summary>What is added to norms and, in the logarithm, to probabilities; above 0, 1e-7 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Epsilon { get; init => field = LogitChecks.Positive(value, nameof(Epsilon)); } = AuthorsEpsilon;
}
