using DeepTricks.Interpretability;

namespace DimensionSample;

/// <summary>What the runs of one arm gave.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Profiles">One for each seed.</param>
/// <param name="Errors">On the test images, or of shuffled labels on the measured images, in per cent.</param>
internal sealed record ArmResult(Arm Arm, IReadOnlyList<DimensionProfile> Profiles, IReadOnlyList<double> Errors)
{
    /// <summary>Mean and standard deviation over the seeds of a layer's dimension.</summary>
    public (double Mean, double Spread) Dimension(int layer) => Over([.. Profiles.Select(profile => profile.Layers[layer].Dimension)]);

    /// <summary>Mean and standard deviation of the error.</summary>
    public (double Mean, double Spread) Error() => Over(Errors);

    private static (double Mean, double Spread) Over(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return (mean, values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }
}
