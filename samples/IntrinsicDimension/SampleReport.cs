using DeepTricks.Data;
using DeepTricks.Interpretability;
using DeepTricks.Reporting;

namespace DimensionSample;

/// <summary>The report for a browser.</summary>
internal static class SampleReport
{
    private static readonly string[] Layers = ["input", .. DigitNetwork.Layers];

    public static Report Of(IReadOnlyList<ArmResult> results, Mnist digits, SampleOptions options) =>
        new Report("The intrinsic dimension of digits along a network")
            .Text($"{digits.Source} The network of Ansuini et al. (2019) on MNIST. The dimension (TwoNN) is that of {options.Images} training images, "
                + $"the mean over {options.Resamples} parts of nine tenths of them; mean and standard deviation over {options.Seeds} seeds. "
                + "The published values are read off the paper's figure 6B.")
            .Chart(Chart(results))
            .Heading("The numbers")
            .Table(Table(results))
            .Heading("Error")
            .Text(string.Join(" ", results.Select(result => FormattableString.Invariant(
                $"{Capital(result.Arm.Name)}: {result.Error().Mean:0.0} ± {result.Error().Spread:0.0} % {(result.Arm.Shuffled ? "of the shuffled labels wrong" : "on the test images")}."))));

    public static LineChart Chart(IReadOnlyList<ArmResult> results)
    {
        Series[] ours = [.. results.Select((result, i) => Series.OfRuns(result.Arm.Name, Places, [.. result.Profiles.Select(Dimensions)]) with { Color = i })];
        return new LineChart("Intrinsic dimension of MNIST, layer by layer", new("Layer: " + string.Join(", ", Layers.Select((layer, i) => $"{i} {layer}"))), new("Intrinsic dimension") { Minimum = 0 },
            [.. ours, Line(Published.Trained, 0), Line(Published.Shuffled, 2)])
        {
            Description = "Ours drawn through, with one standard deviation over the seeds; the published ones dashed, in the colour of the same training.",
        };

        static Series Line(DimensionProfile profile, int color) => new(profile.Name, Places, Dimensions(profile)) { Dashed = true, Color = color };
    }

    private static double[] Places => [.. Enumerable.Range(0, Layers.Length).Select(i => (double)i)];

    private static double[] Dimensions(DimensionProfile profile) => [.. profile.Layers.Select(layer => layer.Dimension)];

    private static Table Table(IReadOnlyList<ArmResult> results)
    {
        var table = new Table([new("Layer"), .. results.Select(result => new TableColumn(Capital(result.Arm.Name))), new("Published, trained"), new("Published, shuffled labels")]);
        for (var i = 0; i < Layers.Length; i++)
        {
            var layer = i;
            table.Row([
                Layers[i], .. results.Select(result => new TableCell(result.Dimension(layer).Mean, result.Dimension(layer).Spread)),
                new TableCell(Published.Trained.Layers[i].Dimension), new TableCell(Published.Shuffled.Layers[i].Dimension)]);
        }

        return table;
    }

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
