namespace DeepTricks.Distillation;

/// <summary>How a <see cref="WeightedClassLoss"/> is computed.</summary>
public sealed record WeightedClassLossOptions
{
    /// <summary>The class of the background; 0 by default, as in Faster R-CNN and torchvision.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Background { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a class."); }

    /// <summary>The weight of the background; 1.5 by default, the paper's on PASCAL VOC. All others have 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double BackgroundWeight { get; init => field = LogitChecks.NotNegative(value); } = 1.5;

    /// <summary>T; 1 by default, as in the paper. Nothing is multiplied by T².</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 1;
}
