namespace DeepTricks.Distillation;

/// <summary>How alike two samples are.</summary>
public enum CorrelationKernel
{
    /// <summary>The Taylor series of the Gaussian kernel of points on the unit sphere: exp(−2γ) Σ (2γ)^p / p! · (x·y)^p.</summary>
    Gaussian,

    /// <summary>x·y.</summary>
    Bilinear,
}
