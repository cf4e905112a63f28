using DeepTricks.Reporting;
using DetectionSample;
var scenes = Scene.Draw(24, 1, 0);
var watch = System.Diagnostics.Stopwatch.StartNew();
Scene.Draw(500, 2, 0);
Console.WriteLine(watch.Elapsed);
File.WriteAllBytes("/tmp/scenes.png", new PictureGrid().Draw([.. scenes.Chunk(6).Select(row => (IReadOnlyList<Canvas>)[.. row.Select(s =>
{
    var c = new Canvas(s.Image, 3);
    for (var i = 0; i < s.Target.Labels.size(0); i++) c.Mask(s.Target.Masks![i], Palette.Of(i), new() { Opacity = 0.15 });
    return c.Boxes(s.Target.Boxes, s.Target.Labels, names: Scene.ClassNames);
})])]).ToPng());
