using DeepTricks.Reporting;

namespace SegmentationSample;

/// <summary>One column of the tables.</summary>
/// <param name="Name">Its title in the report.</param>
/// <param name="Unit">The unit.</param>
/// <param name="ShortName">Its title in a terminal.</param>
/// <param name="Best">Which value is the best.</param>
/// <param name="Of">The figure of a run.</param>
internal sealed record Figure(string Name, string Unit, string ShortName, BestValue Best, Func<RunResult, double> Of)
{
    public static IReadOnlyList<Figure> All { get; } =
    [
        new("Dice, all pixels", "%", "Dice, global", BestValue.Highest, run => run.GlobalDice),
        new("Dice, per slice", "%", "Dice, slice", BestValue.Highest, run => run.SliceDice),
        new("IoU, all pixels", "%", "IoU, global", BestValue.Highest, run => run.Iou),
        new("HD95", "pixels", "HD95, pixels", BestValue.Lowest, run => run.Hausdorff95),
        new("Organs missed", "%", "missed, %", BestValue.Lowest, run => run.Missed),
        new("False alarms", "%", "false alarms, %", BestValue.Lowest, run => run.FalseAlarms),
        new("False pixels", "per slice", "false pixels", BestValue.Lowest, run => run.FalsePixels),
    ];
}
