namespace KakapoSample;

/// <summary>The table for a terminal.</summary>
internal static class SummaryTable
{
    public static void Print(IReadOnlyList<ArmResult> results, SampleOptions options, TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine($"Mean and standard deviation over the seeds ({options.Seeds}), in per cent: accuracy before usual and swapped grounds, and the share of the evidence outside the bird.");
        writer.WriteLine();
        writer.WriteLine(string.Concat(Figure.All.Select(figure => $"{figure.ShortName,15}").Prepend($"{"",-18}")) + $"{"seconds",10}");
        foreach (var result in results)
            writer.WriteLine(string.Concat(Figure.All.Select(figure => $"{Text(result.Over(figure.Of)),15}").Prepend($"{result.Arm.Name,-18}")) + $"{result.Over(run => run.Seconds).Mean,10:F0}");
    }

    private static string Text(MeanAndSpread figure) => double.IsNaN(figure.Mean) ? "-" : figure.ToString();
}
