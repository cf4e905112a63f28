namespace DeepTricks.Distillation;

/// <summary>How a <see cref="ContrastiveDistillationLoss"/> is made.</summary>
public sealed record ContrastiveDistillationLossOptions
{
    /// <summary>0.07, as in RepDistiller and the paper on CIFAR-100.</summary>
    public const double DefaultTemperature = 0.07;

    /// <summary>128, as in RepDistiller.</summary>
    public const int DefaultDimension = 128;

    /// <summary>The numbers of a sample's features of the student.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public required int StudentFeatures { get; init => field = AtLeastOne(value); }

    /// <summary>The numbers of a sample's features of the teacher.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public required int TeacherFeatures { get; init => field = AtLeastOne(value); }

    /// <summary>The samples of the dataset; both memories have a vector for each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public required int Samples { get; init => field = AtLeastOne(value); }

    /// <summary>The numbers of an embedded vector; 128 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Dimension { get; init => field = AtLeastOne(value); } = DefaultDimension;

    /// <summary>K, the negatives of a sample where they are not given; 16,384 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Negatives { get; init => field = AtLeastOne(value); } = 16384;

    /// <summary>τ; 0.07 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = DefaultTemperature;

    /// <summary>How much of a vector in the memory stays when its sample comes again; 0.5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double Momentum { get; init => field = LogitChecks.Probability(value); } = 0.5;

    /// <summary>Which negatives are drawn where they are not given; uniform where null, the default.</summary>
    public ContrastSampler? Sampler { get; init; }

    internal static int AtLeastOne(int value, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a number of at least 1.");
}
