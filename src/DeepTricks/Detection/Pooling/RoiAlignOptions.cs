namespace DeepTricks.Detection;

/// <summary>How RoIAlign reads the features of a region.</summary>
/// <param name="OutputHeight">Rows of bins that a region is cut into, at least 1.</param>
/// <param name="OutputWidth">Columns of bins, at least 1.</param>
public sealed record RoiAlignOptions(int OutputHeight, int OutputWidth)
{
    /// <summary>As many rows as columns.</summary>
    /// <param name="outputSize">Bins along each side, at least 1: 7 for boxes and 14 for masks in Faster and Mask R-CNN.</param>
    public RoiAlignOptions(int outputSize)
        : this(outputSize, outputSize)
    {
    }

    /// <summary>Rows of bins that a region is cut into, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int OutputHeight { get; init => field = RegionChecks.Bins(value); } = RegionChecks.Bins(OutputHeight);

    /// <summary>Columns of bins, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int OutputWidth { get; init => field = RegionChecks.Bins(value); } = RegionChecks.Bins(OutputWidth);

    /// <summary>What a box's coordinates are multiplied by to be positions on the map: 1/16 for a map of stride 16; 1 by default, as in torchvision.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double SpatialScale { get; init => field = RegionChecks.Scale(value); } = 1;

    /// <summary>
    /// Samples along each side of a bin; 0, the default (torchvision's −1), takes as many as there are cells of the map along the bin, rounded up.
    /// Faster and Mask R-CNN take 2.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int SamplingRatio { get; init => field = RegionChecks.Sampling(value); }

    /// <summary>
    /// Whether a coordinate of 0.5 is the centre of the first cell, as detectron2 has it; false by default, as in torchvision, which takes 0 for it and makes
    /// regions at least one cell large.
    /// </summary>
    public bool Aligned { get; init; }

    /// <summary>The mean of a bin's samples by default.</summary>
    public RoiPooling Pooling { get; init; } = RoiPooling.Average;
}
