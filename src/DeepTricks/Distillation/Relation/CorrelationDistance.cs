namespace DeepTricks.Distillation;

/// <summary>How two matrices of correlations [B, B] are compared.</summary>
public enum CorrelationDistance
{
    /// <summary>The mean of the squared differences.</summary>
    MeanSquare,

    /// <summary>The Frobenius norm of the difference over B².</summary>
    Frobenius,
}
