using DeepTricks.Losses;

namespace DeepTricks.Distillation;

/// <summary>How correlations among samples are measured and compared; by default as in Knowledge-Distillation-Zoo.</summary>
public sealed record CorrelationCongruenceLossOptions
{
    /// <summary>Knowledge-Distillation-Zoo's form: the Gaussian kernel of features of length 1, the mean of squares; weighted with 100 there.</summary>
    public static CorrelationCongruenceLossOptions KnowledgeDistillationZoo { get; } = new();

    /// <summary>torchdistill's form: the Gaussian kernel of features as they are, the Frobenius norm over B².</summary>
    public static CorrelationCongruenceLossOptions TorchDistill { get; } = new() { Normalize = false, Distance = CorrelationDistance.Frobenius };

    /// <summary>torchdistill's form with the bilinear kernel.</summary>
    public static CorrelationCongruenceLossOptions TorchDistillBilinear { get; } = TorchDistill with { Kernel = CorrelationKernel.Bilinear };

    /// <summary>The kernel; the Gaussian's series by default.</summary>
    public CorrelationKernel Kernel { get; init; } = CorrelationKernel.Gaussian;

    /// <summary>γ of the Gaussian kernel; 0.4 by default, as in the paper.</summary>
    public double Gamma { get; init => field = SegmentationChecks.Positive(value); } = 0.4;

    /// <summary>P, the last power of the Gaussian's series; 2 by default, as in the paper.</summary>
    public int Order
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Order), value, "Expected an order of at least 0.");
    }
        = 2;

    /// <summary>Whether features are scaled to length 1 first, as the series supposes; so by default.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>How the matrices are compared.</summary>
    public CorrelationDistance Distance { get; init; } = CorrelationDistance.MeanSquare;
}
