using DeepTricks.Data;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>Paints a scene: a ground of two colours, lines, dots and patches on it, figures striped or plain, and grain over all.</summary>
internal sealed class ScenePainter(int size, SampleRandom random)
{
    private const double LeastContrast = 0.35;

    private readonly float[] _pixels = new float[3 * size * size];
    private (double Red, double Green, double Blue) _from, _to;

    private Extent Whole => new(0, 0, size, size);

    public void Background()
    {
        (_from, _to) = (Color(), Color());
        var (sine, cosine) = Math.SinCos(random.NextUniform(0, 2 * Math.PI));
        Blend(Whole, (_, _) => 1, (x, y) => Mix(_from, _to, 0.5 + ((((x - (size / 2)) * cosine) + ((y - (size / 2)) * sine)) / (1.5 * size))));
        var (patches, lines, dots) = (random.NextInt32(5), 4 + random.NextInt32(12), 5 + random.NextInt32(25));
        for (var i = 0; i < patches; i++) Patch();
        for (var i = 0; i < lines; i++) Line();
        for (var i = 0; i < dots; i++) Dot();
    }

    public void Paint(Figure figure)
    {
        var color = Contrasting();
        var other = Mix(color, Color(), random.NextUniform(0, 0.7));
        var (sine, cosine) = Math.SinCos(random.NextUniform(0, 2 * Math.PI));
        var frequency = random.NextUniform(0.3, 1.2);
        var striped = random.NextInt32(2) == 0;
        Blend(figure.Extent(size), figure.Coverage, (x, y) => striped ? Mix(color, other, 0.5 + (0.5 * Math.Sin(frequency * ((x * cosine) + (y * sine))))) : color);
    }

    public void Noise()
    {
        var strength = random.NextUniform(0.01, 0.05);
        for (var i = 0; i < _pixels.Length; i++) _pixels[i] = Math.Clamp(_pixels[i] + (float)(strength * random.NextNormal()), 0, 1);
    }

    public Tensor ToTensor()
    {
        using var scope = NewDisposeScope();
        return tensor(_pixels, [3, size, size]).DetachFromDisposeScope();
    }

    private void Patch()
    {
        var (x0, y0, radius, color) = (random.NextUniform(0, size), random.NextUniform(0, size), random.NextUniform(10, 40), Color());
        Blend(Whole, (x, y) => 0.5 * Math.Exp(-(((x - x0) * (x - x0)) + ((y - y0) * (y - y0))) / (radius * radius)), (_, _) => color);
    }

    private void Line()
    {
        var (x0, y0, length, color) = (random.NextUniform(0, size), random.NextUniform(0, size), random.NextUniform(8, 50), Color());
        var (sine, cosine) = Math.SinCos(random.NextUniform(0, 2 * Math.PI));
        var width = random.NextUniform(0.5, 1.5);
        Blend(Extent.Around(x0, y0, length + width, size), (x, y) =>
        {
            var along = Math.Clamp(((x - x0) * cosine) + ((y - y0) * sine), 0, length);
            var (dx, dy) = (x - x0 - (along * cosine), y - y0 - (along * sine));
            return Math.Clamp(0.5 + width - Math.Sqrt((dx * dx) + (dy * dy)), 0, 1);
        }, (_, _) => color);
    }

    private void Dot()
    {
        var dot = new Figure(Shape.Disc, random.NextUniform(0, size), random.NextUniform(0, size), random.NextUniform(0.7, 3), 0);
        var color = Color();
        Blend(dot.Extent(size), dot.Coverage, (_, _) => color);
    }

    private (double Red, double Green, double Blue) Contrasting()
    {
        while (true)
        {
            var color = Color();
            if (Distance(color, _from) > LeastContrast && Distance(color, _to) > LeastContrast) return color;
        }
    }

    private (double Red, double Green, double Blue) Color() => (random.NextDouble(), random.NextDouble(), random.NextDouble());

    private static double Distance((double Red, double Green, double Blue) a, (double Red, double Green, double Blue) b) =>
        Math.Sqrt(((a.Red - b.Red) * (a.Red - b.Red)) + ((a.Green - b.Green) * (a.Green - b.Green)) + ((a.Blue - b.Blue) * (a.Blue - b.Blue)));

    private static (double Red, double Green, double Blue) Mix((double Red, double Green, double Blue) a, (double Red, double Green, double Blue) b, double part) =>
        (a.Red + (part * (b.Red - a.Red)), a.Green + (part * (b.Green - a.Green)), a.Blue + (part * (b.Blue - a.Blue)));

    private void Blend(Extent extent, Func<double, double, double> coverage, Func<double, double, (double Red, double Green, double Blue)> color)
    {
        var plane = size * size;
        for (var y = extent.Top; y < extent.Bottom; y++)
        {
            for (var x = extent.Left; x < extent.Right; x++)
            {
                var covered = (float)coverage(x + 0.5, y + 0.5);
                if (covered <= 0) continue;
                var (red, green, blue) = color(x + 0.5, y + 0.5);
                var at = (y * size) + x;
                _pixels[at] += covered * ((float)red - _pixels[at]);
                _pixels[plane + at] += covered * ((float)green - _pixels[plane + at]);
                _pixels[(2 * plane) + at] += covered * ((float)blue - _pixels[(2 * plane) + at]);
            }
        }
    }
}
