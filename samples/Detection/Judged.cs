using DeepTricks.Detection;
using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>A scene, what was found in it, and which of it is right.</summary>
/// <param name="Scene">The scene.</param>
/// <param name="Found">What was found with enough certainty.</param>
/// <param name="Missed">The objects that were not found.</param>
/// <param name="Wrong">How many finds are no object.</param>
internal sealed record Judged(Scene Scene, Detections Found, IReadOnlyList<int> Missed, int Wrong) : IDisposable
{
    private static readonly MaskStyle Outline = new() { Opacity = 0, Contour = 2 };

    public int Mistakes => Missed.Count + Wrong;

    public static Judged Of(GeneralizedRcnn model, Scene scene, double sureEnough, double sameObject)
    {
        using var scope = NewDisposeScope();
        var all = Experiment.Find(model, scene);
        var sure = all.Scores.ge(sureEnough).nonzero().squeeze(1);
        var found = new Detections(
            all.Boxes.index_select(0, sure).DetachFromDisposeScope(), all.Labels.index_select(0, sure).DetachFromDisposeScope(),
            all.Scores.index_select(0, sure).DetachFromDisposeScope(), all.Masks!.index_select(0, sure).DetachFromDisposeScope());
        var truth = scene.Target.Masks!.flatten(1).to(ScalarType.Float32);
        var masks = found.Masks!.view(found.Count, Scene.Size * Scene.Size).to(ScalarType.Float32);
        var both = truth.matmul(masks.t());
        var overlaps = both / (truth.sum(1).unsqueeze(1) + masks.sum(1).unsqueeze(0) - both);
        var right = overlaps.ge(sameObject).logical_and(scene.Target.Labels.unsqueeze(1).eq(found.Labels.unsqueeze(0)));
        return new(scene, found, False(right.any(1)), False(right.any(0)).Count);
    }

    public Picture Draw(int magnification)
    {
        using var scope = NewDisposeScope();
        var canvas = new Canvas(Scene.Image, magnification);
        var labels = Found.Labels.data<long>().ToArray();
        for (var i = 0; i < labels.Length; i++) canvas.Mask(Found.Masks![i], Palette.Of(labels[i]));
        canvas.Boxes(Found.Boxes, Found.Labels, Found.Scores, Scene.ClassNames);
        foreach (var missed in Missed) canvas.Mask(Scene.Target.Masks![missed], Rgb.White, Outline);
        var objects = Scene.Target.Labels.size(0);
        return canvas.ToPicture($"{objects - Missed.Count} of {objects} found{(Wrong > 0 ? $", {Wrong} wrong" : "")}");
    }

    public void Dispose() => Found.Dispose();

    private static IReadOnlyList<int> False(Tensor flags) => [.. flags.data<bool>().ToArray().Index().Where(one => !one.Item).Select(one => one.Index)];
}
