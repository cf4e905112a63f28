namespace DeepTricks.Distillation;

/// <summary>How a <see cref="KnowledgeAdjustmentLoss"/> is computed.</summary>
public sealed record KnowledgeAdjustmentLossOptions
{
    /// <summary>0.9, as in KD_Lib.</summary>
    public const double DefaultCorrectProbability = 0.9;

    /// <summary>KD_Lib's code as it runs, T = 20; <see cref="AsKdLib"/> says where it leaves the paper.</summary>
    public static KnowledgeAdjustmentLossOptions KdLib { get; } = new() { Temperature = 20, AsKdLib = true };

    /// <summary>How the teacher is corrected; <see cref="AdjustmentMethod.Shift"/> by default.</summary>
    public AdjustmentMethod Method { get; init => field = LogitChecks.Defined(value); }

    /// <summary>T; 4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = KnowledgeDistillationLossOptions.DefaultTemperature;

    /// <summary>What a smoothed label gives to the class itself; 0.9 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a probability.</exception>
    public double CorrectProbability { get; init => field = LogitChecks.Probability(value); } = DefaultCorrectProbability;

    /// <summary>
    /// Whether two slips of KD_Lib are kept, for its figures to be met; false by default. It passes the distributions to PyTorch's <c>KLDivLoss</c> in the other order and
    /// without a logarithm, Σ p(student) (log p(student) − adjusted), whose minimum is not where both agree. And its shift writes over the probability that it means to
    /// keep, so that the highest becomes the label's, and the label's stays.
    /// </summary>
    public bool AsKdLib { get; init; }
}
