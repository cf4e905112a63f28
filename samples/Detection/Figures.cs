using DeepTricks.Detection;

namespace DetectionSample;

/// <summary>The figures of COCO that are shown, in per cent.</summary>
internal static class Figures
{
    public static IReadOnlyList<(string Name, Func<CocoResult, double> Of)> All { get; } =
    [
        ("AP", result => result.AveragePrecision),
        ("AP50", result => result.AveragePrecision50),
        ("AP75", result => result.AveragePrecision75),
        ("AP small", result => result.AveragePrecisionSmall),
        ("AP medium", result => result.AveragePrecisionMedium),
        ("AR100", result => result.AverageRecall100),
    ];

    /// <summary>A figure over the runs.</summary>
    public static MeanAndSpread Over(IReadOnlyList<RunResult> runs, Func<RunResult, double> figure) => MeanAndSpread.Of([.. runs.Select(run => 100 * figure(run))]);
}
