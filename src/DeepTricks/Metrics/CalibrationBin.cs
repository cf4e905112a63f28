namespace DeepTricks.Metrics;

/// <summary>The predictions whose confidence lies in one interval.</summary>
/// <param name="Count">How many there are; above 0.</param>
/// <param name="Confidence">Their mean confidence.</param>
/// <param name="Accuracy">The part of them that is correct.</param>
public readonly record struct CalibrationBin(long Count, double Confidence, double Accuracy)
{
    /// <summary>|accuracy − confidence|.</summary>
    public double Gap => Math.Abs(Accuracy - Confidence);
}
