namespace DeepTricks.Reporting;

/// <summary>How a <see cref="DensityChart"/> estimates a density.</summary>
public enum DensityShape
{
    /// <summary>A Gaussian kernel, reflected at the ends of the axis so that no mass is lost there.</summary>
    Kernel,

    /// <summary>Counts in bins of equal width.</summary>
    Histogram,
}
