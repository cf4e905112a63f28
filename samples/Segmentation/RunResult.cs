namespace SegmentationSample;

/// <summary>What one run gave, on the test slices; shares are in per cent.</summary>
internal sealed record RunResult
{
    /// <summary>Dice over all pixels after some of the epochs.</summary>
    public required IReadOnlyList<(double Epoch, double Dice)> Curve { get; init; }

    /// <summary>Dice over the pixels of all slices together, empty ones included.</summary>
    public required double GlobalDice { get; init; }

    /// <summary>The mean of the Dice of each slice that has the organ; slices without it are left out.</summary>
    public required double SliceDice { get; init; }

    /// <summary>IoU over the pixels of all slices together.</summary>
    public required double Iou { get; init; }

    /// <summary>The mean of the 95th percentile of the distances between the outlines, in pixels, over slices with the organ on which a mask was found.</summary>
    public required double Hausdorff95 { get; init; }

    /// <summary>The share of slices with the organ on which nothing was found.</summary>
    public required double Missed { get; init; }

    /// <summary>The share of slices without the organ on which a pixel was called organ.</summary>
    public required double FalseAlarms { get; init; }

    /// <summary>The pixels called organ on a slice without it, the mean over all those slices.</summary>
    public required double FalsePixels { get; init; }

    /// <summary>The masks found, slice after slice.</summary>
    public required bool[] Masks { get; init; }
}
