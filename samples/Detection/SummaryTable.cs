namespace DetectionSample;

/// <summary>The table for a terminal.</summary>
internal static class SummaryTable
{
    public static void Print(IReadOnlyList<RunResult> runs, DemoOptions options, TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine($"Mean and standard deviation over the runs ({runs.Count}), in per cent, on {options.TestScenes} scenes:");
        writer.WriteLine();
        writer.WriteLine($"{"",-8}{string.Concat(Figures.All.Select(figure => $"{figure.Name,14}"))}");
        writer.WriteLine($"{"boxes",-8}{string.Concat(Figures.All.Select(figure => $"{Figures.Over(runs, run => figure.Of(run.Boxes)),14}"))}");
        writer.WriteLine($"{"masks",-8}{string.Concat(Figures.All.Select(figure => $"{Figures.Over(runs, run => figure.Of(run.Masks)),14}"))}");
        writer.WriteLine();
        writer.WriteLine($"A run took {runs.Average(run => run.Whole.TotalSeconds):F0} s, the lowest AP50 of masks is {100 * runs.Min(run => run.Masks.AveragePrecision50):F1} %.");
    }
}
