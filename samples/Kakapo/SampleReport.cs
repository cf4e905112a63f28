using DeepTricks.Interpretability;
using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace KakapoSample;

/// <summary>The report for a browser.</summary>
internal static class SampleReport
{
    private const int Magnification = 3, MapsOfEach = 5;
    private static readonly string[] ProfiledLayers = [.. Enumerable.Range(1, 4).Select(block => $"{Networks.Features}.{block}_relu"), "flat", Networks.Classifier];
    private static readonly MaskStyle Outline = new() { Opacity = 0, Contour = 1 };
    private static readonly HeatStyle Heat = new() { Colors = ColorMap.Inferno, Opacity = 0.85, Fade = true };

    public static Report Of(IReadOnlyList<ArmResult> results, Experiment experiment, SampleOptions options)
    {
        var report = new Report("What is a kakapo known by?")
            .Text($"Birds drawn by formula, five species that the head alone tells apart: plumage, size, pose and place say nothing. In the {options.Train} pictures to train with, {100 * BirdWorld.UsualShare:F0} % of the birds "
                + "are before the ground that is usual for them. One test keeps to that; in the other no bird is before its usual ground. A kakapo cannot fly, and is never before sky or sea.")
            .Table(World(experiment))
            .Heading("What each way of training gives")
            .Text($"A small network ({Networks.Places} x {Networks.Places} places, then a mean and one linear layer) under {options.Seeds} seed{(options.Seeds == 1 ? "" : "s")}, {options.Epochs} epochs of AdamW with a learning rate of {Learner.LearningRate}, the same for all. "
                + $"Mean and standard deviation over the seeds, {options.Test} pictures in each test. Evidence is the positive part of the class activation map of the true species, not normalised; a place at the outline counts by the part of it "
                + "that is outside. A softmax sees evidence relative to the mean over the species, which is the second column of it. Two streams and ProtoPNet have no such map.")
            .Table(Figures(results))
            .Chart(Bars("Birds named rightly before grounds that mislead", "Accuracy", results, run => run.Swapped));
        if (results.Where(result => result.First.HasEvidence).ToList() is { Count: > 0 } mapped)
            report.Chart(Bars("Evidence outside the bird, usual grounds", "Share", mapped, run => run.RelativeOutside));
        if (Find(results, Arm.EndToEnd) is { } plain && Find(results, Arm.Constrained) is { } constrained) AddMaps(report, experiment, plain, constrained);
        if (Find(results, Arm.ProtoPNet)?.First is PrototypeLearner prototypes) AddPrototypes(report, experiment.Train[0], prototypes);
        AddDimension(report, experiment, [.. results.Where(result => result.Arm == Arm.EndToEnd || result.Arm == Arm.Constrained)]);
        return report;
    }

    /// <summary>Maps of evidence with and without the constraint as one picture, for a page; null where one of the two was not trained.</summary>
    public static Canvas? Picture(IReadOnlyList<ArmResult> results, Experiment experiment)
    {
        if (Find(results, Arm.EndToEnd) is not { } plain || Find(results, Arm.Constrained) is not { } constrained) return null;
        const int magnification = 2;
        return new PictureGrid { RowTitles = ["usual grounds", "end to end", "CAM constraint", "swapped grounds, CAM constraint"], Gap = 6, LetterScale = 1 }.Draw(
            [.. Enumerable.Range(0, MapsOfEach).Select(i => Canvas(experiment.Usual, i, magnification))], [.. Overlays(plain, experiment.Usual, magnification)],
            [.. Overlays(constrained, experiment.Usual, magnification)], [.. Overlays(constrained, experiment.Swapped, magnification)]);
    }

    private static ArmResult? Find(IReadOnlyList<ArmResult> results, Arm arm) => results.FirstOrDefault(result => result.Arm == arm);

    private static Table World(Experiment experiment)
    {
        var table = new Table([new("Pictures"), .. Enum.GetNames<Species>().Select(name => new TableColumn(name))]);
        foreach (var (name, set) in new[] { ("to train with", experiment.Train[0]), ("test, usual grounds", experiment.Usual), ("test, swapped grounds", experiment.Swapped) })
            table.Row([name, .. Enumerable.Range(0, BirdWorld.SpeciesCount).Select(i => (TableCell)Canvas(set, i).ToPicture(set.Facts[i].Ground.ToString().ToLowerInvariant()))]);
        return table;
    }

    private static Table Figures(IReadOnlyList<ArmResult> results)
    {
        var table = new Table([new("Arm"), new("Is told"), .. Figure.All.Select(figure => new TableColumn(figure.Name, "%") { Best = figure.Best, Format = "0.0" }), new("Training", "s") { Format = "0" }]);
        foreach (var result in results)
            table.Row([result.Arm.Name, result.Arm.Knows, .. Figure.All.Select(figure => Cell(result.Over(figure.Of))), new TableCell(result.Over(run => run.Seconds).Mean)]);
        return table;

        static TableCell Cell(MeanAndSpread figure) => double.IsNaN(figure.Mean) ? (TableCell)"" : new TableCell(figure.Mean, figure.Spread);
    }

    private static BarChart Bars(string title, string unit, IReadOnlyList<ArmResult> results, Func<RunResult, double> figure) =>
        new(title, new(unit, "%") { Minimum = 0 }, [.. results.Select(result => (result.Arm.Name, Figure: result.Over(figure))).Select(arm => new Bar(arm.Name, arm.Figure.Mean, arm.Figure.Spread))]);

    private static void AddMaps(Report report, Experiment experiment, ArmResult plain, ArmResult constrained)
    {
        report.Heading("Where the evidence is")
            .Text("Class activation maps of the true species under the first seed, relative to the mean over the species, each stretched to its own largest value; what speaks against the species is left bare. The bird is outlined.");
        foreach (var (title, set) in new[] { ("Usual grounds", experiment.Usual), ("Swapped grounds", experiment.Swapped) })
        {
            var table = new Table([new(title), .. Enumerable.Range(0, MapsOfEach).Select(i => new TableColumn(set.Facts[i].Species.ToString()))]);
            table.Row(["picture", .. Enumerable.Range(0, MapsOfEach).Select(i => (TableCell)Canvas(set, i).ToPicture(set.Facts[i].Ground.ToString().ToLowerInvariant()))]);
            foreach (var result in new[] { plain, constrained })
            {
                using var seen = result.First.Predict(set);
                table.Row([result.Arm.Name, .. Overlays(result, set, Magnification).Select((overlay, i) =>
                    (TableCell)overlay.ToPicture($"seen as {((Species)seen[i].item<long>()).ToString().ToLowerInvariant()}"))]);
            }

            report.Table(table);
        }
    }

    /// <summary>The maps of evidence of the first pictures, painted over them, with the birds' outlines.</summary>
    private static IEnumerable<Canvas> Overlays(ArmResult result, BirdSet set, int magnification)
    {
        using var scope = NewDisposeScope();
        var maps = ActivationMaps.Normalize(Evidence.Maps(result.First, set, relative: true), BirdWorld.Size, BirdWorld.Size);
        return [.. Enumerable.Range(0, MapsOfEach).Select(i => Canvas(set, i, magnification).Heat(maps[i], Heat).Mask(set.Birds[i], Rgb.White, Outline))];
    }

    private static void AddPrototypes(Report report, BirdSet train, PrototypeLearner learner)
    {
        const int stride = BirdWorld.Size / Networks.Places;
        var onBird = learner.Sources.Count(source => train.Birds[source.Image, (source.Row * stride) + (stride / 2), (source.Column * stride) + (stride / 2)].item<float>() > 0);
        report.Heading("The prototypes")
            .Text($"What ProtoPNet compares pictures with under the first seed: patches of training pictures, framed by what a patch sees. The middle of {onBird} of {learner.Sources.Count} is on a bird, that of the others on the ground: "
                + "nobody told it that grounds do not count.");
        var table = new Table([new("Species"), .. Enumerable.Range(1, learner.Sources.Count / BirdWorld.SpeciesCount).Select(i => new TableColumn($"{i}"))]);
        foreach (var species in learner.Sources.GroupBy(source => source.Class))
            table.Row([((Species)species.Key).ToString(), .. species.Select(source => (TableCell)Canvas(train, (int)source.Image)
                .Box(source.ReceptiveField.Left, source.ReceptiveField.Top, source.ReceptiveField.Right, source.ReceptiveField.Bottom, Palette.Of(4)).ToPicture(""))]);
        report.Table(table);
    }

    private static void AddDimension(Report report, Experiment experiment, IReadOnlyList<ArmResult> results)
    {
        if (results.Count == 0) return;
        manual_seed(1);
        using var untrained = Networks.Classify(BirdWorld.SpeciesCount);
        List<DimensionProfile> profiles = [.. results.Select(result => DimensionProfile.Of(result.Arm.Name, result.First.Network, ProfiledLayers, experiment.Usual.Images))];
        profiles.Add(DimensionProfile.Of("untrained", untrained, ProfiledLayers, experiment.Usual.Images));
        report.Heading("The dimension of each layer")
            .Text("The intrinsic dimension (TwoNN) of the test pictures with usual grounds, layer after layer, under the first seed: 0 the pictures, 1 to 4 the blocks of the network, 5 the mean over the places, 6 the scores. "
                + "The bands are standard deviations over random nine tenths of the pictures.")
            .Chart(DimensionProfile.Chart("Intrinsic dimension along the network", false, profiles));
    }

    private static Canvas Canvas(BirdSet set, int i, int magnification = Magnification)
    {
        using var image = set.Images[i];
        return new(image, magnification);
    }
}
