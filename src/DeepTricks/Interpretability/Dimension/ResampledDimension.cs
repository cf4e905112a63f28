namespace DeepTricks.Interpretability;

/// <summary>Estimates on many parts of the points.</summary>
/// <param name="Whole">That of all points.</param>
/// <param name="Values">That of each part.</param>
public sealed record ResampledDimension(DimensionEstimate Whole, IReadOnlyList<double> Values)
{
    /// <summary>Their mean.</summary>
    public double Mean => Values.Average();

    /// <summary>Their standard deviation, divided by their number, as the authors report it.</summary>
    public double StandardDeviation
    {
        get
        {
            var mean = Mean;
            return Math.Sqrt(Values.Average(value => (value - mean) * (value - mean)));
        }
    }
}
