namespace DeepTricks.Detection;

/// <summary>How regions are cut into bins of whole cells.</summary>
/// <param name="OutputHeight">Rows of bins, at least 1.</param>
/// <param name="OutputWidth">Columns of bins, at least 1.</param>
public sealed record RoiPoolOptions(int OutputHeight, int OutputWidth)
{
    /// <summary>As many rows as columns.</summary>
    /// <param name="outputSize">Bins along each side, at least 1: 7 in Fast R-CNN.</param>
    public RoiPoolOptions(int outputSize)
        : this(outputSize, outputSize)
    {
    }

    /// <summary>Rows of bins, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int OutputHeight { get; init => field = RegionChecks.Bins(value); } = RegionChecks.Bins(OutputHeight);

    /// <summary>Columns of bins, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int OutputWidth { get; init => field = RegionChecks.Bins(value); } = RegionChecks.Bins(OutputWidth);

    /// <summary>What a box's coordinates are multiplied by to be cells of the map: 1/16 for a map of stride 16; 1 by default, as in torchvision.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double SpatialScale { get; init => field = RegionChecks.Scale(value); } = 1;

    internal (int Rows, int Columns) Bins => (OutputHeight, OutputWidth);
}
