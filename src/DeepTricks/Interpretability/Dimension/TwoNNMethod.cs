namespace DeepTricks.Interpretability;

/// <summary>How <see cref="TwoNN"/> gets from the ratios of distances to a dimension.</summary>
public enum TwoNNMethod
{
    /// <summary>The slope of −log(1 − F) over log μ through the origin, F being the empirical distribution of the ratios: the paper's and its authors' way.</summary>
    Fit,

    /// <summary>
    /// The most likely dimension, freed of its bias. Without discarding that is (n − 1) / Σ log μ; with it, that of ratios of which those above the highest kept are
    /// only known to be above.
    /// </summary>
    MaximumLikelihood,
}
