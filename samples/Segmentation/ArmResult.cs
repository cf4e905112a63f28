namespace SegmentationSample;

/// <summary>What the runs of one arm gave.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Runs">One run for each seed.</param>
internal sealed record ArmResult(Arm Arm, IReadOnlyList<RunResult> Runs)
{
    /// <summary>A figure over the seeds.</summary>
    public MeanAndSpread Over(Func<RunResult, double> figure) => MeanAndSpread.Of([.. Runs.Select(figure)]);
}
