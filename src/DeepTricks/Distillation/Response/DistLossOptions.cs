namespace DeepTricks.Distillation;

/// <summary>How a <see cref="DistLoss"/> is computed.</summary>
public sealed record DistLossOptions
{
    /// <summary>mmrazor's, whose formula is the paper's: 1e-8 is added to the product of the norms.</summary>
    public static DistLossOptions Mmrazor { get; } = new();

    /// <summary>torchdistill's: each norm is 1e-8 at least. Classes that hardly occur then count as others do.</summary>
    public static DistLossOptions Torchdistill { get; } = new() { ClampedNorms = true };

    /// <summary>T; 1 by default, as in mmrazor and torchdistill.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 1;

    /// <summary>β, the weight of the correlation over the classes of each sample; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double InterWeight { get; init => field = LogitChecks.NotNegative(value); } = 1;

    /// <summary>Whether 1e-8 bounds each norm below, in place of being added to their product; false by default.</summary>
    public bool ClampedNorms { get; init; }

    /// <summary>γ, the weight of the correlation over the samples of each class; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double IntraWeight { get; init => field = LogitChecks.NotNegative(value); } = 1;
}
