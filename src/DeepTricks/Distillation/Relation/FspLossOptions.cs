using DeepTricks.Losses;

namespace DeepTricks.Distillation;

/// <summary>How flows between layers are compared; by default as in RepDistiller.</summary>
public sealed record FspLossOptions
{
    /// <summary>RepDistiller's form, which Knowledge-Distillation-Zoo shares: averages, and the mean of squares.</summary>
    public static FspLossOptions RepDistiller { get; } = new();

    /// <summary>torchdistill's form: maxima, and the lengths of columns.</summary>
    public static FspLossOptions TorchDistill { get; } = new() { Pooling = FspPooling.Maximum, Distance = FspDistance.ColumnLength };

    /// <summary>How the larger map of a pair is made smaller.</summary>
    public FspPooling Pooling { get; init; } = FspPooling.Average;

    /// <summary>How the matrices are compared.</summary>
    public FspDistance Distance { get; init; } = FspDistance.MeanSquare;

    /// <summary>A weight for each pair of consecutive layers; 1 for each where null, the default.</summary>
    public IReadOnlyList<double>? PairWeights { get; init => field = SegmentationChecks.Weights(value); }
}
