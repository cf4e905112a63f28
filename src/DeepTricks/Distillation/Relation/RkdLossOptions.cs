using DeepTricks.Losses;

namespace DeepTricks.Distillation;

/// <summary>How relations among the samples of a batch are compared; by default as in RepDistiller.</summary>
public sealed record RkdLossOptions
{
    /// <summary>RepDistiller's settings for classification: distances with 25, angles with 50.</summary>
    public static RkdLossOptions RepDistiller { get; } = new();

    /// <summary>The authors' settings for metric learning (lenscloth/RKD), torchdistill's example too: distances with 1, angles with 2.</summary>
    public static RkdLossOptions Official { get; } = new() { DistanceWeight = 1, AngleWeight = 2 };

    /// <summary>mmrazor's settings: features of length 1 first, distances with 25, angles with 50.</summary>
    public static RkdLossOptions MmRazor { get; } = new() { Normalize = true };

    /// <summary>KD_Lib's settings: both with 0.5, squared distances of at least 1e-10, 1e-7 added to the mean distance.</summary>
    public static RkdLossOptions KdLib { get; } = new() { DistanceWeight = 0.5, AngleWeight = 0.5, SmallestSquare = 1e-10, MeanOffset = 1e-7 };

    /// <summary>What the term of distances counts; 25 by default, 0 leaves it out.</summary>
    public double DistanceWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 25;

    /// <summary>What the term of angles counts; 50 by default, 0 leaves it out.</summary>
    public double AngleWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 50;

    /// <summary>Whether a sample's features are scaled to length 1 first; not by default.</summary>
    public bool Normalize { get; init; }

    /// <summary>Squared distances are at least this, and have no gradient where they are less; 1e-12 by default.</summary>
    public double SmallestSquare { get; init => field = SegmentationChecks.Positive(value); } = 1e-12;

    /// <summary>What is added to the mean distance before distances are divided by it; 0 by default.</summary>
    public double MeanOffset { get; init => field = SegmentationChecks.NotNegative(value); }
}
