namespace DeepTricks.Distillation;

/// <summary>The kernel of a <see cref="NeuronSelectivityLoss"/>.</summary>
public sealed record NeuronSelectivityLossOptions
{
    /// <summary>The polynomial kernel with d = 2 and c = 0, the paper's best and what RepDistiller, mdistiller and Knowledge-Distillation-Zoo have; the default. RepDistiller's weight is 50.</summary>
    public static NeuronSelectivityLossOptions RepDistiller { get; } = new();

    /// <summary>The linear kernel of the paper.</summary>
    public static NeuronSelectivityLossOptions Linear { get; } = new() { Kernel = SelectivityKernel.Linear };

    /// <summary>The Gaussian kernel of the paper, with the mean squared distance of the pairs as its variance.</summary>
    public static NeuronSelectivityLossOptions Gaussian { get; } = new() { Kernel = SelectivityKernel.Gaussian };

    /// <summary>The kernel; polynomial by default.</summary>
    public SelectivityKernel Kernel { get; init; }

    /// <summary>d of the polynomial, at least 1; 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Degree { get; init => field = (int)FeatureChecks.Count(value, nameof(Degree)); } = 2;

    /// <summary>c of the polynomial; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Offset
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Offset), value, "Expected a finite number of at least 0.");
    }

    /// <summary>σ² of the Gaussian, above 0; null, the default, for the mean squared distance of a student's and a teacher's channel in the batch, taken as a constant.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double? Variance { get; init => field = value is { } given ? LogitChecks.Positive(given, nameof(Variance)) : null; }
}
