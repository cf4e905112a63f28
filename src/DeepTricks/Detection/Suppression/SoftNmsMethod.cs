namespace DeepTricks.Detection;

/// <summary>How soft suppression lowers a score.</summary>
public enum SoftNmsMethod
{
    /// <summary>By 1 − IoU, where the IoU is above the threshold.</summary>
    Linear,

    /// <summary>By exp(−IoU² / σ), whatever the IoU.</summary>
    Gaussian,
}
