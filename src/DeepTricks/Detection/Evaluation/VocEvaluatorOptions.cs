using DeepTricks.Data;

namespace DeepTricks.Detection;

/// <summary>How VOC's average precision is computed.</summary>
public sealed record VocEvaluatorOptions
{
    /// <summary>0.5, as in VOC.</summary>
    public const double DefaultThreshold = 0.5;

    /// <summary>A detection finds an object where their overlap is larger than this, in [0, 1); 0.5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Threshold
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a threshold in [0, 1).");
    } = DefaultThreshold;

    /// <summary>True for the mean of the best precisions at the recalls 0, 0.1 ... 1, as up to VOC 2009; false, the default, for the area under the curve, as since.</summary>
    public bool ElevenPoints { get; init; }

    /// <summary>Names for the table; an id stands for itself where there is none. Empty by default.</summary>
    public IReadOnlyList<ObjectCategory> Categories { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = [];
}
