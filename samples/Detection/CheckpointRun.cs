using System.Diagnostics;
using DeepTricks.Data;
using DeepTricks.Detection;
using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>Runs a checkpoint of torchvision on pictures, and reports what it finds.</summary>
internal static class CheckpointRun
{
    private const double MaskThreshold = 0.5;

    public static void Run(DemoOptions options)
    {
        var files = Directory.GetFiles(options.Pictures!, "*.png").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) throw new InvalidDataException($"There is no PNG file in {options.Pictures}.");
        var (model, name) = TorchvisionModel.Load(options.Checkpoint!);
        using var _ = model;
        Console.WriteLine($"{Path.GetFileName(options.Checkpoint)} is a {name}.");

        var report = new Report($"What {name} finds")
            .Text($"{Path.GetFileName(options.Checkpoint)} on {files.Count} pictures; drawn is what was found with a probability of at least {options.Threshold}.");
        foreach (var file in files)
        {
            using var scope = NewDisposeScope();
            var watch = Stopwatch.StartNew();
            var image = PngFile.Read(file).ToRgbTensor();
            var found = Sure(model.Detect(image)[0], options.Threshold);
            var seconds = watch.Elapsed.TotalSeconds;
            var names = Names(found.Labels.data<long>().ToArray());
            Console.WriteLine($"{Path.GetFileName(file)}: {(names.Length > 0 ? names : "nothing")} ({seconds:F1} s)");
            report.Heading(Path.GetFileName(file)).Text(names.Length > 0 ? $"{names}." : "Nothing was found.").Pictures(Draw(image, found));
        }

        report.Save(options.Report);
    }

    private static Detections Sure(Detections found, double threshold)
    {
        var sure = found.Scores.ge(threshold).nonzero().squeeze(1);
        return new(found.Boxes.index_select(0, sure), found.Labels.index_select(0, sure), found.Scores.index_select(0, sure), found.Masks?.index_select(0, sure));
    }

    private static Picture Draw(Tensor image, Detections found)
    {
        var canvas = new Canvas(image.clamp(0, 1));
        var labels = found.Labels.data<long>().ToArray();
        for (var i = 0; found.Masks is not null && i < labels.Length; i++) canvas.Mask(found.Masks[i].gt(MaskThreshold), Palette.Of(labels[i]));
        for (var i = 0; i < labels.Length; i++)
        {
            var box = found.Boxes[i].data<float>().ToArray();
            canvas.Box(box[0], box[1], box[2], box[3], Palette.Of(labels[i]), Name(labels[i]), found.Scores[i].item<float>());
        }

        return canvas.ToPicture($"{labels.Length} objects");
    }

    /// <summary>"2 person, 1 dog", the most frequent first.</summary>
    private static string Names(long[] labels) =>
        string.Join(", ", labels.GroupBy(Name).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}"));

    private static string Name(long label) => label < CocoCategories.Names.Count ? CocoCategories.Names[(int)label] : $"class {label}";
}
