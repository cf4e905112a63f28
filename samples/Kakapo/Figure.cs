using DeepTricks.Reporting;

namespace KakapoSample;

/// <summary>One column of the tables, in per cent.</summary>
/// <param name="Name">Its title in the report.</param>
/// <param name="ShortName">Its title in a terminal.</param>
/// <param name="Best">Which value is the best.</param>
/// <param name="Of">The figure of a run.</param>
internal sealed record Figure(string Name, string ShortName, BestValue Best, Func<RunResult, double> Of)
{
    public static IReadOnlyList<Figure> All { get; } =
    [
        new("Accuracy, usual grounds", "usual", BestValue.Highest, run => run.Usual),
        new("Accuracy, swapped grounds", "swapped", BestValue.Highest, run => run.Swapped),
        new("Evidence outside", "outside", BestValue.Lowest, run => run.Outside),
        new("Relative evidence outside", "relative", BestValue.Lowest, run => run.RelativeOutside),
        new("Evidence outside, swapped grounds", "out., swapped", BestValue.Lowest, run => run.SwappedOutside),
    ];
}
