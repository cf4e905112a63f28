using DeepTricks.Data;
using DeepTricks.Reporting;

namespace DistillationSample;

/// <summary>The report for a browser.</summary>
internal static class SampleReport
{
    public static Report Of(IReadOnlyList<ArmResult> results, IReadOnlyList<OmittedDigit.Result> omitted, Answers teacher, Mnist digits, SampleOptions options)
    {
        var (large, assistant, small) = (Weights(NetworkSize.Teacher), Weights(NetworkSize.Assistant), Weights(NetworkSize.Student));
        return new Report("Distillation on handwritten digits")
            .Text($"{digits.Source} A teacher of {large:N0} weights learned all training images, with dropout and every image moved by up to two pixels, in {options.TeacherEpochs} epochs; "
                + FormattableString.Invariant($"it is wrong on {teacher.Error:0.0} % of the test images. ")
                + $"The student has {small:N0} weights (the assistant {assistant:N0}) and gets {options.Images:N0} of those images, other ones under each seed, for {options.Epochs} epochs: Adam, "
                + "learning rate 0.002 falling to 0, batches of 50. Few images make it visible what a teacher is worth that has seen more.")
            .Heading("What each way of learning does")
            .Text($"Mean and standard deviation over {options.Seeds} seeds. All arms of a seed have the same images in the same order; the gain is what the error is less than that of the student alone under the same seed.")
            .Table(Figures(results, options))
            .Chart(new BarChart("Error of the student", new("Test error", "%") { Minimum = 0 }, [.. results.Select(result => new Bar(result.Arm.Name, result.Error.Mean, result.Error.Spread))])
            {
                Description = "The mean over the seeds; the whiskers are one standard deviation to either side, most of which comes from the images that a seed draws and is common to all arms.",
            })
            .Heading($"A digit that the student has never seen")
            .Text($"As Hinton, Vinyals and Dean (2015): a student of the same size learns from the teacher's soft answers alone (T = {options.OmittedTemperature}), for all training images but those of a {OmittedDigit.Digit}. "
                + "What a three looks like it can only know from how the teacher answers for other digits. Its bias for threes is too low, because they were rare among the answers. It is raised until a tenth of the test images are "
                + "taken for threes, for which no label is needed. For comparison, a student that had the labels of the same images.")
            .Table(Omitted(omitted))
            .Chart(new BarChart($"Images of a {OmittedDigit.Digit} that are recognised", new("Recognised", "%") { Minimum = 0, Maximum = 100 },
                [.. SummaryTable.Rows(omitted).Select(row => (row.Name, Figure: SummaryTable.Over(row.Answers, one => one.Recognized(OmittedDigit.Digit)))).Select(row => new Bar(row.Name, row.Figure.Mean, row.Figure.Spread))]));
    }

    private static Table Figures(IReadOnlyList<ArmResult> results, SampleOptions options)
    {
        var table = new Table(new("Arm"), new("What is taken over"), new("Test error", "%") { Best = BestValue.Lowest }, new("Gain", "%") { Best = BestValue.Highest }, new("Seeds better"), new("Time", "s") { Format = "0" });
        foreach (var result in results)
        {
            var alone = result == results[0];
            var gain = result.Gain(results[0]);
            table.Row(
                result.Arm.Name, result.Arm.Recipe, new TableCell(result.Error.Mean, result.Error.Spread), alone ? new TableCell("") : new TableCell(gain.Mean, gain.Spread),
                alone ? "" : $"{result.Wins(results[0])} of {options.Seeds}", result.Seconds.Average());
        }

        return table;
    }

    private static Table Omitted(IReadOnlyList<OmittedDigit.Result> omitted)
    {
        var table = new Table(new("Student"), new("Test error", "%") { Best = BestValue.Lowest }, new($"{OmittedDigit.Digit}s recognised", "%") { Best = BestValue.Highest }, new("Bias raised by"));
        var bias = MeanAndSpread.Of([.. omitted.Select(one => one.Bias)]);
        foreach (var (name, answers) in SummaryTable.Rows(omitted))
        {
            var (error, recognized) = (SummaryTable.Over(answers, one => one.Error), SummaryTable.Over(answers, one => one.Recognized(OmittedDigit.Digit)));
            table.Row(name, new TableCell(error.Mean, error.Spread), new TableCell(recognized.Mean, recognized.Spread),
                name.EndsWith("corrected", StringComparison.Ordinal) ? new TableCell(bias.Mean, bias.Spread) : new TableCell(""));
        }

        return table;
    }

    private static long Weights(NetworkSize size)
    {
        using var generator = new TorchSharp.torch.Generator(1);
        using var network = new DigitNetwork(size, generator);
        return network.Weights;
    }
}
