namespace DeepTricks.Distillation;

/// <summary>How similarities are compared; by default as in the paper.</summary>
public sealed record SimilarityPreservingLossOptions
{
    /// <summary>2, as in the paper.</summary>
    public const double DefaultRowNorm = 2;

    /// <summary>The paper's form, which RepDistiller, mdistiller and Knowledge-Distillation-Zoo share: rows of Euclidean length 1.</summary>
    public static SimilarityPreservingLossOptions Paper { get; } = new();

    /// <summary>torchdistill's form: rows whose magnitudes sum to 1, which makes the loss far smaller.</summary>
    public static SimilarityPreservingLossOptions TorchDistill { get; } = new() { RowNorm = 1 };

    /// <summary>p of the norm that rows are divided by; at least 1, 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or not finite.</exception>
    public double RowNorm
    {
        get;
        init => field = value >= 1 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(RowNorm), value, "Expected a finite p of at least 1.");
    }
        = DefaultRowNorm;
}
