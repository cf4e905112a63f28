using DeepTricks.Data;
using DeepTricks.Reporting;

namespace Regularizers;

/// <summary>The report for a browser.</summary>
internal static class DemoReport
{
    private const int PicturesShown = 12;

    public static Report Of(IReadOnlyList<ArmResult> results, IReadOnlyList<ArmSummary> summaries, Mnist digits, DemoOptions options) =>
        new Report("Six regularisers on handwritten digits")
            .Text($"{digits.Source} A network of two hidden layers of 256 units was trained for {options.Epochs} epochs under {options.Seeds} seeds in each arm: "
                + "SGD with momentum 0.9, learning rate 0.02, batches of 64.")
            .Pictures([.. Enumerable.Range(0, PicturesShown).Select(i => Digit(digits, i))])
            .Heading("What each does")
            .Text("Mean and standard deviation over the seeds, on the test images. The calibration error (ECE, 15 bins) is the gap between confidence and accuracy; "
                + $"FGSM and PGD move every pixel by at most {Experiment.Epsilon} of its range to make the network err.")
            .Table(Figures(summaries, options))
            .Heading("Error over training")
            .Chart(new LineChart("Test error after each epoch", new("Epoch"), new("Test error", "%") { Logarithmic = true }, [.. results.Select(Curve)])
            {
                Description = "The mean over the seeds; the bands are one standard deviation to either side.",
            })
            .Heading("Confidence")
            .Text("The highest probability that the network gives, for every test image of every seed. A network that is sure of everything, right or wrong, has all its mass at 1.")
            .Chart(new DensityChart("Confidence of the predictions", new("Confidence") { Minimum = 0, Maximum = 1 }, [.. results.Select(Confidences)]))
            .Heading("Robustness")
            .Chart(new BarChart($"Accuracy under FGSM, epsilon {Experiment.Epsilon}", new("Accuracy", "%"),
                [.. summaries.Select(summary => new Bar(summary.Name, summary.FastGradientAccuracy.Mean, summary.FastGradientAccuracy.Spread))])
            {
                Description = "A penalty on confidence can hide the gradient that an attack follows: compare PGD in the table before believing a gain.",
            });

    private static Picture Digit(Mnist digits, int index)
    {
        using var image = digits.Test.Inputs[index];
        return new(image) { Magnification = 2, Caption = $"{digits.Test.Targets![index].item<long>()}" };
    }

    private static Table Figures(IReadOnlyList<ArmSummary> summaries, DemoOptions options)
    {
        var table = new Table(
            new("Arm"),
            new($"Error after {options.FewEpochs}", "%") { Best = BestValue.Lowest },
            new($"Error after {options.Epochs}", "%") { Best = BestValue.Lowest },
            new("Mean confidence", "%"),
            new("ECE", "%") { Best = BestValue.Lowest },
            new("Accuracy, FGSM", "%") { Best = BestValue.Highest },
            new("Accuracy, PGD", "%") { Best = BestValue.Highest });
        foreach (var summary in summaries)
        {
            table.Row(
                summary.Name, Cell(summary.EarlyError), Cell(summary.FinalError), Cell(summary.Confidence),
                Cell(summary.CalibrationError), Cell(summary.FastGradientAccuracy), Cell(summary.ProjectedGradientAccuracy));
        }

        return table;
    }

    private static TableCell Cell(MeanAndSpread figure) => new(figure.Mean, figure.Spread);

    private static Series Curve(ArmResult result) =>
        Series.OfRuns(result.Arm.Name, [.. Enumerable.Range(1, result.Runs[0].Errors.Count).Select(epoch => (double)epoch)], [.. result.Runs.Select(run => run.Errors)]);

    private static Sample Confidences(ArmResult result) => new(result.Arm.Name, [.. result.Runs.SelectMany(run => run.Confidences)]);
}
