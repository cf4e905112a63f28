namespace DeepTricks.Detection;

/// <summary>How a Mask R-CNN is put together. The defaults are those of torchvision's.</summary>
public sealed record MaskRcnnOptions : FasterRcnnOptions
{
    /// <summary>The rows and columns that a region is read in for its mask, which has twice as many; 14 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaskSize { get; init => field = OptionChecks.Count(value); } = 14;

    /// <summary>The channels of the mask head's convolutions, at least one; four times 256 by default.</summary>
    /// <exception cref="ArgumentException">One is below 1, or there is none.</exception>
    public IReadOnlyList<long> MaskConvolutions
    {
        get;
        init => field = OptionChecks.Widths(value) is { Count: > 0 } ? value : throw new ArgumentException("Expected at least one convolution.", nameof(MaskConvolutions));
    }
        = [256, 256, 256, 256];

    /// <summary>The channels between the two layers of the mask predictor; 256 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaskWidth { get; init => field = OptionChecks.Count(value); } = 256;

    /// <summary>Whether each convolution of the mask head has a BatchNorm2d and no bias, as in the second version; false by default.</summary>
    public bool MaskNorms { get; init; }
}
