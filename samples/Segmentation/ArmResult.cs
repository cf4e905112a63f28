namespace SegmentationSample;

/// <summary>What the runs of one arm gave.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Runs">One run for each seed.</param>
internal sealed record ArmResult(Arm Arm, IReadOnlyList<RunResult> Runs)
{
    /// <summary>A figure over the seeds.</summary>
    public MeanAndSpread Over(Func<RunResult, double> figure) => MeanAndSpread.Of([.. Runs.Select(figure)]);
}

/// <summary>A mean over seeds with its standard deviation, 0 where there is one seed.</summary>
internal readonly record struct MeanAndSpread(double Mean, double Spread)
{
    public static MeanAndSpread Of(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return new(mean, values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }
}
