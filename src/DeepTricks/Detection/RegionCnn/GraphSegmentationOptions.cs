namespace DeepTricks.Detection;

/// <summary>How coarsely an image is segmented. The defaults of selective search are other ones: <see cref="SelectiveSearchOptions"/>.</summary>
public sealed record GraphSegmentationOptions
{
    /// <summary>
    /// k of the paper, for colours from 0 to 255: the larger, the larger the segments; 100 by default. scikit-image's <c>scale</c> is the same number.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Scale { get; init => field = NotNegative(value, nameof(Scale)); } = 100;

    /// <summary>The standard deviation in pixels of the Gaussian that smooths the image first; 0.8 by default, as in the paper. 0 does not smooth.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Sigma { get; init => field = NotNegative(value, nameof(Sigma)); } = 0.8;

    /// <summary>Segments of fewer pixels are merged into their nearest neighbour; 20 by default, as in scikit-image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MinimumSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MinimumSize), value, "Expected at least 1.");
    }
        = 20;

    internal static double NotNegative(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number of at least 0.");
}
