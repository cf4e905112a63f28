namespace SegmentationSample;

/// <summary>The table for a terminal.</summary>
internal static class SummaryTable
{
    public static void Print(IReadOnlyList<ArmResult> results, SampleOptions options, TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine($"Mean and standard deviation over the seeds ({options.Seeds}), on the test slices:");
        writer.WriteLine();
        writer.WriteLine(string.Concat(Figure.All.Select(figure => $"{figure.ShortName,15}").Prepend($"{"",-18}")));
        foreach (var result in results)
            writer.WriteLine(string.Concat(Figure.All.Select(figure => $"{result.Over(figure.Of),15}").Prepend($"{result.Arm.Name,-18}")));
    }
}
