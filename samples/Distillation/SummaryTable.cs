namespace DistillationSample;

/// <summary>The tables for a terminal.</summary>
internal static class SummaryTable
{
    public static void Print(IReadOnlyList<ArmResult> results, IReadOnlyList<OmittedDigit.Result> omitted, Answers teacher, SampleOptions options, TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine($"The teacher's error is {teacher.Error:F1} %. Mean and standard deviation over the seeds ({options.Seeds}), in per cent, on the test images:");
        writer.WriteLine();
        writer.WriteLine($"{"",-20}{"error",16}{"gain",16}{"seeds better",16}{"seconds",12}");
        foreach (var result in results)
        {
            var alone = result == results[0];
            writer.WriteLine(
                $"{result.Arm.Name,-20}{result.Error.ToString(2),16}{(alone ? "" : result.Gain(results[0]).ToString(2)),16}"
                + $"{(alone ? "" : $"{result.Wins(results[0])} of {options.Seeds}"),16}{result.Seconds.Average(),12:F1}");
        }

        writer.WriteLine();
        writer.WriteLine($"A student that never sees a {OmittedDigit.Digit}:");
        writer.WriteLine();
        writer.WriteLine($"{"",-34}{"error",16}{$"{OmittedDigit.Digit}s recognised",18}");
        foreach (var (name, answers) in Rows(omitted))
            writer.WriteLine($"{name,-34}{Over(answers, one => one.Error).ToString(2),16}{Over(answers, one => one.Recognized(OmittedDigit.Digit)).ToString(2),18}");
        writer.WriteLine($"The bias was raised by {MeanAndSpread.Of([.. omitted.Select(one => one.Bias)])}.");
    }

    /// <summary>The students of the second experiment, with the answers under each seed.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<Answers> Answers)> Rows(IReadOnlyList<OmittedDigit.Result> omitted) =>
    [
        ("labels", [.. omitted.Select(one => one.Labels)]),
        ("soft targets", [.. omitted.Select(one => one.Before)]),
        ("soft targets, bias corrected", [.. omitted.Select(one => one.After)]),
    ];

    public static MeanAndSpread Over(IEnumerable<Answers> answers, Func<Answers, double> figure) => MeanAndSpread.Of([.. answers.Select(figure)]);
}
