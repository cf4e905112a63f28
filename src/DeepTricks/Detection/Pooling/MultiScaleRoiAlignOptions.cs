namespace DeepTricks.Detection;

/// <summary>How regions are read from the levels of a feature pyramid.</summary>
/// <param name="OutputHeight">Rows of bins that a region is cut into, at least 1.</param>
/// <param name="OutputWidth">Columns of bins, at least 1.</param>
public sealed record MultiScaleRoiAlignOptions(int OutputHeight, int OutputWidth)
{
    /// <summary>As many rows as columns.</summary>
    /// <param name="outputSize">Bins along each side, at least 1.</param>
    public MultiScaleRoiAlignOptions(int outputSize)
        : this(outputSize, outputSize)
    {
    }

    /// <summary>Rows of bins that a region is cut into, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int OutputHeight { get; init => field = RegionChecks.Bins(value); } = RegionChecks.Bins(OutputHeight);

    /// <summary>Columns of bins, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int OutputWidth { get; init => field = RegionChecks.Bins(value); } = RegionChecks.Bins(OutputWidth);

    /// <summary>Samples along each side of a bin; 2 by default, as in torchvision's models; 0 follows the size of the bin.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int SamplingRatio { get; init => field = RegionChecks.Sampling(value); } = 2;

    /// <summary>False by default, as in torchvision; <see cref="RoiAlignOptions.Aligned"/> says what it means.</summary>
    public bool Aligned { get; init; }

    /// <summary>The side of a square box that belongs to <see cref="CanonicalLevel"/>, in pixels of the image; 224 by default (Lin et al., 2017).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double CanonicalScale { get; init => field = RegionChecks.Scale(value); } = 224;

    /// <summary>The level whose map is 2^level times smaller than the image; 4 by default (Lin et al., 2017).</summary>
    public int CanonicalLevel { get; init; } = 4;
}
