namespace Regularizers;

/// <summary>What the runs of one arm gave.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Runs">One run for each seed.</param>
internal sealed record ArmResult(Arm Arm, IReadOnlyList<RunResult> Runs)
{
    public ArmSummary Summarize(int fewEpochs) => new(
        Arm.Name,
        Over(run => run.Errors[fewEpochs - 1]),
        Over(run => run.Errors[^1]),
        Over(run => run.MeanConfidence),
        Over(run => run.CalibrationError),
        Over(run => run.FastGradientAccuracy),
        Over(run => run.ProjectedGradientAccuracy));

    private MeanAndSpread Over(Func<RunResult, double> figure) => MeanAndSpread.Of([.. Runs.Select(figure)]);
}

/// <summary>What one run gave, on the test data; all figures are per cent but the confidences.</summary>
/// <param name="Errors">After each epoch.</param>
/// <param name="Confidences">The highest probability of each test image, from 0 to 1.</param>
/// <param name="CalibrationError">ECE over 15 bins.</param>
/// <param name="FastGradientAccuracy">Under FGSM.</param>
/// <param name="ProjectedGradientAccuracy">Under PGD.</param>
internal sealed record RunResult(
    IReadOnlyList<double> Errors, IReadOnlyList<double> Confidences, double CalibrationError, double FastGradientAccuracy, double ProjectedGradientAccuracy)
{
    public double MeanConfidence => 100 * Confidences.Average();
}

/// <summary>The figures of an arm over its seeds.</summary>
internal sealed record ArmSummary(
    string Name,
    MeanAndSpread EarlyError,
    MeanAndSpread FinalError,
    MeanAndSpread Confidence,
    MeanAndSpread CalibrationError,
    MeanAndSpread FastGradientAccuracy,
    MeanAndSpread ProjectedGradientAccuracy);
