using DeepTricks.Data;
using DeepTricks.Detection;
using TorchSharp;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>A picture of shapes in clutter, and what is in it.</summary>
/// <param name="Image">[3, Size, Size] float32 in [0, 1].</param>
/// <param name="Target">Boxes, labels and masks of what is to be seen of each shape.</param>
internal sealed record Scene(Tensor Image, DetectionTarget Target) : IDisposable
{
    /// <summary>The width and height of a picture.</summary>
    public const int Size = 96;

    private const int MostFigures = 6, Tries = 30;
    private const double SmallestRadius = 9, LargestRadius = 22, LeastVisible = 0.5;

    /// <summary>The names of the labels, the background first.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = ["background", .. Enum.GetNames<Shape>().Select(name => name.ToLowerInvariant())];

    /// <summary>Draws scenes; each is a function of the seed, the stream and its number.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">0 to train with, 1 to test with.</param>
    public static IReadOnlyList<Scene> Draw(int count, long seed, int stream)
    {
        var scenes = new Scene[count];
        Parallel.For(0, count, i => scenes[i] = Draw(new SampleRandom(seed, stream, i)));
        return scenes;
    }

    public void Dispose()
    {
        Image.Dispose();
        Target.Dispose();
    }

    private static Scene Draw(SampleRandom random)
    {
        var canvas = new ScenePainter(Size, random);
        canvas.Background();
        var visible = new List<(Figure Figure, bool[] Mask, int Whole)>();
        var wanted = 1 + random.NextInt32(MostFigures);
        for (var i = 0; i < Tries && visible.Count < wanted; i++)
        {
            var figure = Anywhere(random);
            var mask = Mask(figure);
            if (!HasRoom(visible, mask)) continue;
            foreach (var (_, below, _) in visible)
                for (var pixel = 0; pixel < mask.Length; pixel++) below[pixel] &= !mask[pixel];
            visible.Add((figure, mask, mask.Count(inside => inside)));
            canvas.Paint(figure);
        }

        canvas.Noise();
        return new(canvas.ToTensor(), TargetOf(visible));
    }

    private static Figure Anywhere(SampleRandom random)
    {
        var radius = SmallestRadius * Math.Pow(LargestRadius / SmallestRadius, random.NextDouble());
        return new(
            (Shape)(1 + random.NextInt32(ClassNames.Count - 1)),
            random.NextUniform(0.7 * radius, Size - (0.7 * radius)), random.NextUniform(0.7 * radius, Size - (0.7 * radius)), radius, random.NextUniform(0, 2 * Math.PI));
    }

    private static bool[] Mask(Figure figure)
    {
        var mask = new bool[Size * Size];
        var extent = figure.Extent(Size);
        for (var y = extent.Top; y < extent.Bottom; y++)
            for (var x = extent.Left; x < extent.Right; x++)
                mask[(y * Size) + x] = figure.Coverage(x + 0.5, y + 0.5) > 0.5;
        return mask;
    }

    /// <summary>Whether at least half of every figure below stays to be seen.</summary>
    private static bool HasRoom(List<(Figure Figure, bool[] Mask, int Whole)> visible, bool[] mask)
    {
        foreach (var (_, below, whole) in visible)
        {
            var seen = 0;
            for (var pixel = 0; pixel < mask.Length; pixel++) seen += below[pixel] && !mask[pixel] ? 1 : 0;
            if (seen < LeastVisible * whole) return false;
        }

        return true;
    }

    private static DetectionTarget TargetOf(List<(Figure Figure, bool[] Mask, int Whole)> visible)
    {
        using var scope = NewDisposeScope();
        var boxes = tensor(visible.SelectMany(one => Box(one.Mask)).ToArray(), [visible.Count, 4]);
        var labels = tensor(visible.Select(one => (long)one.Figure.Shape).ToArray());
        var masks = tensor(visible.SelectMany(one => one.Mask).ToArray(), [visible.Count, Size, Size]);
        return new(boxes.DetachFromDisposeScope(), labels.DetachFromDisposeScope(), masks.DetachFromDisposeScope());
    }

    private static float[] Box(bool[] mask)
    {
        var inside = Enumerable.Range(0, mask.Length).Where(pixel => mask[pixel]).ToList();
        return [inside.Min(pixel => pixel % Size), inside.Min(pixel => pixel / Size), inside.Max(pixel => pixel % Size) + 1, inside.Max(pixel => pixel / Size) + 1];
    }
}
