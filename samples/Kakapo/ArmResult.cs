namespace KakapoSample;

/// <summary>What the runs of one arm gave.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Runs">One run for each seed.</param>
/// <param name="First">The learner of the first seed, trained.</param>
internal sealed record ArmResult(Arm Arm, IReadOnlyList<RunResult> Runs, Learner First)
{
    /// <summary>A figure over the seeds.</summary>
    public MeanAndSpread Over(Func<RunResult, double> figure) => MeanAndSpread.Of([.. Runs.Select(figure)]);
}
