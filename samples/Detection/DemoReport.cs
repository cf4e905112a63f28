using DeepTricks.Detection;
using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>The report of the training, for a browser.</summary>
internal static class DemoReport
{
    private const int ScenesShown = 8, FailuresShown = 6, Magnification = 3;
    private const double SureEnough = 0.5, SameObject = 0.5;

    private static readonly (string Term, string Name)[] Terms =
    [
        ("loss_objectness", "object or not, of anchors"), ("loss_rpn_box_reg", "boxes of anchors"), ("loss_classifier", "class, of regions"),
        ("loss_box_reg", "boxes of regions"), ("loss_mask", "masks"),
    ];

    public static Report Of(IReadOnlyList<RunResult> runs, IReadOnlyList<Scene> scenes, DemoOptions options)
    {
        var judged = scenes.Select(scene => Judged.Of(runs[0].Model, scene, SureEnough, SameObject)).ToList();
        try
        {
            var failures = judged.Where(one => one.Mistakes > 0).OrderByDescending(one => one.Mistakes).Take(FailuresShown).ToList();
            return new Report("Mask R-CNN on shapes in clutter")
                .Text($"A Mask R-CNN on a residual network of nine convolutions with a feature pyramid was trained from scratch on {options.TrainingScenes} drawn scenes of {Scene.Size} × {Scene.Size} pixels "
                    + $"for {options.Epochs} epochs, under {(runs.Count == 1 ? "one seed" : $"{runs.Count} seeds")}, and measured on {scenes.Count} other scenes. Each scene has up to six shapes of five kinds, of any colour, which cover each other, among lines, dots and patches.")
                .Text($"A run took {runs.Average(run => run.Whole.TotalSeconds):F0} s with {(get_num_threads() == 1 ? "one thread" : $"{get_num_threads()} threads")}, drawing and measuring included.")
                .Heading("Figures")
                .Text("COCO's figures, mean and standard deviation over the runs. Small objects have up to 32² pixels; none is large.")
                .Table(FigureTable(runs))
                .Table(ClassTable(runs))
                .Chart(new LineChart("Precision over recall of masks at an IoU of 0.5", new("Recall") { Minimum = 0, Maximum = 1 }, new("Precision") { Minimum = 0, Maximum = 1 },
                    [.. runs[0].Masks.Classes.Select(one => Curve(one, runs))])
                {
                    Description = "The mean over the runs.",
                })
                .Heading("What it finds")
                .Text($"The first {ScenesShown} test scenes and what the first run found there with a probability of at least {SureEnough}. An object counts as found where the IoU of the masks is at least {SameObject} and the label is right.")
                .Pictures([.. judged.Take(ScenesShown).Select(one => one.Draw(Magnification))])
                .Heading("What it gets wrong")
                .Text(failures.Count > 0
                    ? $"{judged.Count(one => one.Mistakes > 0)} of {judged.Count} scenes have an object that was missed or a find that is none; these have most of them. What was missed is outlined in white."
                    : "No scene has an object that was missed, or a find that is none.")
                .Pictures([.. failures.Select(one => one.Draw(Magnification))])
                .Heading("Losses")
                .Chart(new LineChart("Loss of an epoch", new("Epoch"), new("Loss"), Series.OfRuns("sum", Epochs(runs), [.. runs.Select(run => Values(run, "loss"))]))
                {
                    Description = "The mean over the runs; the band is one standard deviation to either side.",
                })
                .Chart(new LineChart("Its terms", new("Epoch"), new("Loss") { Logarithmic = true },
                    [.. Terms.Select(term => Series.OfRuns(term.Name, Epochs(runs), [.. runs.Select(run => Values(run, $"loss/{term.Term}"))]))]));
        }
        finally
        {
            judged.ForEach(one => one.Dispose());
        }
    }

    private static Table FigureTable(IReadOnlyList<RunResult> runs) =>
        new Table([new("Of"), .. Figures.All.Select(figure => new TableColumn(figure.Name, "%") { Format = "0.0" })])
            .Row(["boxes", .. Figures.All.Select(figure => Cell(Figures.Over(runs, run => figure.Of(run.Boxes))))])
            .Row(["masks", .. Figures.All.Select(figure => Cell(Figures.Over(runs, run => figure.Of(run.Masks))))]);

    private static Table ClassTable(IReadOnlyList<RunResult> runs)
    {
        var table = new Table(
            new("Shape"), new("Objects") { Format = "0" }, new("AP of boxes", "%") { Format = "0.0" }, new("AP of masks", "%") { Format = "0.0" },
            new("AP50 of masks", "%") { Format = "0.0" }, new("AP75 of masks", "%") { Format = "0.0" });
        foreach (var one in runs[0].Masks.Classes)
        {
            table.Row(
                one.Name, one.Objects,
                Cell(Figures.Over(runs, run => Class(run.Boxes, one.Label).AveragePrecision)), Cell(Figures.Over(runs, run => Class(run.Masks, one.Label).AveragePrecision)),
                Cell(Figures.Over(runs, run => Class(run.Masks, one.Label).AveragePrecision50)), Cell(Figures.Over(runs, run => Class(run.Masks, one.Label).AveragePrecision75)));
        }

        return table;
    }

    private static CocoClassResult Class(CocoResult result, long label) => result.Classes.Single(one => one.Label == label);

    private static TableCell Cell(MeanAndSpread figure) => new(figure.Mean, figure.Spread > 0 ? figure.Spread : null);

    private static Series Curve(CocoClassResult one, IReadOnlyList<RunResult> runs)
    {
        var curves = runs.Select(run => Class(run.Masks, one.Label).PrecisionCurve()).ToList();
        return new(one.Name, [.. Enumerable.Range(0, curves[0].Count).Select(point => point * 0.01)], [.. Enumerable.Range(0, curves[0].Count).Select(point => curves.Average(curve => curve[point]))]);
    }

    private static double[] Epochs(IReadOnlyList<RunResult> runs) => [.. Enumerable.Range(1, runs[0].Losses.Count).Select(epoch => (double)epoch)];

    private static double[] Values(RunResult run, string name) => [.. run.Losses.Select(epoch => epoch[name])];
}
