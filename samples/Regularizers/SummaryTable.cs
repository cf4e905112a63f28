namespace Regularizers;

/// <summary>The table for a terminal.</summary>
internal static class SummaryTable
{
    public static void Print(IReadOnlyList<ArmSummary> summaries, DemoOptions options, TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine($"Mean and standard deviation over the seeds ({options.Seeds}), in per cent, on the test images:");
        writer.WriteLine();
        writer.WriteLine($"{"",-20}{$"error, {options.FewEpochs} ep.",16}{$"error, {options.Epochs} ep.",16}{"confidence",16}{"ECE",16}{"acc. FGSM",16}{"acc. PGD",16}");
        foreach (var summary in summaries)
        {
            writer.WriteLine(
                $"{summary.Name,-20}{Text(summary.EarlyError),16}{Text(summary.FinalError),16}{Text(summary.Confidence),16}"
                + $"{Text(summary.CalibrationError),16}{Text(summary.FastGradientAccuracy),16}{Text(summary.ProjectedGradientAccuracy),16}");
        }
    }

    private static string Text(MeanAndSpread figure) => figure.ToString(digits: 2);
}
