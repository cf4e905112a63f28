using DeepTricks.Data;
using DeepTricks.Reporting;
using static TorchSharp.torch;

namespace SegmentationSample;

/// <summary>The report for a browser.</summary>
internal static class SampleReport
{
    private const int Pixels = CtSlices.Size * CtSlices.Size;
    private const int SlicesShown = 6;
    private const int Magnification = 2;
    private static readonly Rgb TruthColor = Palette.Of(0);
    private static readonly Rgb MaskColor = Palette.Of(1);
    private static readonly MaskStyle Outline = new() { Opacity = 0, Contour = 1 };
    private static readonly MaskStyle Filled = new() { Opacity = 0.55, Contour = 0 };

    public static Report Of(IReadOnlyList<ArmResult> results, InMemoryDataset test, SampleOptions options)
    {
        var slices = Slices(test);
        var empty = slices.Where(slice => !slice.Truth.Contains(true)).ToList();
        return new Report("UNet 3+ on drawn CT slices")
            .Text($"A small UNet 3+ (6 to 48 channels) was trained on {options.Train} drawn slices for {options.Epochs} epochs under {options.Seeds} seeds in each arm: Adam, "
                + $"learning rate {Experiment.LearningRate}, batches of {Experiment.BatchSize}. It is tested on {slices.Count} other slices, {empty.Count} of them without the organ. Slices are drawn by formula; "
                + "nothing here says anything about real scans.")
            .Text("Deep supervision puts a loss on the map of each of the four levels. The hybrid loss is the sum of focal loss, MS-SSIM and IoU; without it the loss is the cross-entropy of pixels. "
                + "The guided module classifies the slice (organ or none) and multiplies the probabilities of the map by that of the organ's presence.")
            .Heading("What each does")
            .Text("Mean and standard deviation over the seeds. Dice and IoU over all pixels count the pixels of all slices together, so false alarms lower them; Dice per slice is the mean over slices with the organ, "
                + "slices without it being left out. HD95 is the mean over slices with the organ on which something was found. False alarms are slices without the organ on which a pixel was called organ, false pixels the pixels so called "
                + "on a slice without it.")
            .Table(Figures(results))
            .Heading("Over training")
            .Chart(new LineChart("Dice over the pixels of all test slices", new("Epoch"), new("Dice", "%") { Minimum = 0 }, [.. results.Select(Curve)])
            {
                Description = "The mean over the seeds; the bands are one standard deviation to either side.",
            })
            .Heading("Slices without the organ")
            .Chart(new BarChart("Slices without the organ on which a pixel was called organ", new("False alarms", "%") { Minimum = 0 },
                [.. results.Select(result => (result.Arm.Name, Figure: result.Over(run => run.FalseAlarms))).Select(arm => new Bar(arm.Name, arm.Figure.Mean, arm.Figure.Spread))]))
            .Text($"The first {SlicesShown} slices without the organ on which an arm called pixels organ under the first seed: what was found is filled blue, and counted underneath.")
            .Table(Pictures(results, empty.Where(slice => results.Any(result => MaskOf(result, slice).Contains(true))).Take(SlicesShown)))
            .Heading("Slices with the organ")
            .Text($"The first {SlicesShown} of the test slices with the organ, under the first seed: the truth outlined orange, what was found filled blue, and its Dice underneath.")
            .Table(Pictures(results, slices.Where(slice => slice.Truth.Contains(true)).Take(SlicesShown)));
    }

    private static Table Figures(IReadOnlyList<ArmResult> results)
    {
        var table = new Table([new("Arm"), .. Figure.All.Select(figure => new TableColumn(figure.Name, figure.Unit) { Best = figure.Best, Format = "0.0" })]);
        foreach (var result in results)
            table.Row([result.Arm.Name, .. Figure.All.Select(figure => result.Over(figure.Of)).Select(figure => new TableCell(figure.Mean, figure.Spread))]);
        return table;
    }

    private static Series Curve(ArmResult result) => Series.OfRuns(
        result.Arm.Name, [.. result.Runs[0].Curve.Select(point => point.Epoch)], [.. result.Runs.Select(run => run.Curve.Select(point => point.Dice).ToList())]);

    private static Table Pictures(IReadOnlyList<ArmResult> results, IEnumerable<Slice> slices)
    {
        var table = new Table([new("Slice"), .. results.Select(result => new TableColumn(result.Arm.Name))]);
        foreach (var slice in slices)
            table.Row([Draw(slice, null, slice.Truth.Contains(true) ? "truth" : "no organ"), .. results.Select(result => Draw(slice, MaskOf(result, slice), Judge(slice, MaskOf(result, slice))))]);
        return table;
    }

    private static TableCell Draw(Slice slice, bool[]? mask, string caption)
    {
        var canvas = new Canvas(slice.Image, CtSlices.Size, CtSlices.Size, 1, Magnification);
        using var truth = tensor(slice.Truth, [CtSlices.Size, CtSlices.Size]);
        using var found = tensor(mask ?? slice.Truth, [CtSlices.Size, CtSlices.Size]);
        if (mask is not null)
            canvas.Mask(found, MaskColor, Filled);
        return canvas.Mask(truth, TruthColor, Outline).ToPicture(caption);
    }

    private static string Judge(Slice slice, bool[] mask)
    {
        var found = mask.Count(pixel => pixel);
        var there = slice.Truth.Count(pixel => pixel);
        return there == 0
            ? found switch { 0 => "nothing", 1 => "1 pixel", _ => $"{found} pixels" }
            : $"Dice {200 * mask.Zip(slice.Truth, (a, b) => a && b).Count(both => both) / (found + there)} %";
    }

    private static bool[] MaskOf(ArmResult result, Slice slice) => result.Runs[0].Masks[(slice.Index * Pixels)..((slice.Index + 1) * Pixels)];

    private static List<Slice> Slices(InMemoryDataset test)
    {
        var (images, masks) = (test.Inputs.data<float>().ToArray(), test.Targets!.data<float>().ToArray());
        return [.. Enumerable.Range(0, test.Count).Select(i => new Slice(
            i,
            Array.ConvertAll(images[(i * Pixels)..((i + 1) * Pixels)], value => (byte)(value * 255)),
            Array.ConvertAll(masks[(i * Pixels)..((i + 1) * Pixels)], value => value > 0.5f)))];
    }

    private sealed record Slice(int Index, byte[] Image, bool[] Truth);
}
