using DeepTricks.Data;

namespace KakapoSample;

/// <summary>Paints one picture: a ground, a bird before it with the masks of bird and head, and grain over all.</summary>
internal sealed partial class BirdPainter(int size, SampleRandom random)
{
    private const double LeastScale = 0.85, LargestScale = 1.1, MostTilt = 0.25;

    private double _x, _y, _scale, _sine, _cosine, _side;
    private bool _paintsBird, _paintsHead;

    /// <summary>Three planes.</summary>
    public float[] Pixels { get; } = new float[3 * size * size];

    /// <summary>1 where the bird is.</summary>
    public float[] Bird { get; } = new float[size * size];

    /// <summary>1 where its head is.</summary>
    public float[] Head { get; } = new float[size * size];

    public void Paint(BirdFacts facts)
    {
        PaintGround(facts.Ground);
        Place(facts.FacesLeft);
        _paintsBird = true;
        var plumage = Plumage();
        PaintBody(plumage);
        _paintsHead = true;
        PaintHead(facts, plumage);
        (_paintsBird, _paintsHead) = (false, false);
        Grain();
    }

    // One palette for all species: brown, olive, slate and rust say nothing.
    private Color Plumage()
    {
        Color[] shades = [new(0.42, 0.33, 0.22), new(0.40, 0.44, 0.22), new(0.36, 0.38, 0.45), new(0.55, 0.34, 0.22)];
        return shades[random.NextInt32(shades.Length)].Towards(new(random.NextDouble(), random.NextDouble(), random.NextDouble()), 0.2);
    }

    private void Place(bool facesLeft)
    {
        _scale = random.NextUniform(LeastScale, LargestScale);
        (_sine, _cosine) = Math.SinCos(random.NextUniform(-MostTilt, MostTilt));
        _side = facesLeft ? -1 : 1;
        (_x, _y) = ((size / 2.0) + random.NextUniform(-5, 5), (size / 2.0) + random.NextUniform(-6, 5));
    }

    private void PaintBody(Color plumage)
    {
        var wing = plumage.Towards(Color.Dark, random.NextUniform(0.15, 0.5));
        Polygon(plumage.Towards(Color.Dark, 0.3), (-8, 4), (-7, 10), (-16, 10), (-17, 6));
        Ellipse(-3, 7, 9, 6.5, plumage);
        Ellipse(-5, 7, 6, 3.5, wing);
        Ellipse(0, 9.5, 5, 3, plumage.Towards(Color.Pale, random.NextUniform(0, 0.4)));
    }

    private void PaintHead(BirdFacts facts, Color plumage)
    {
        Ellipse(5, -4, 8.5, 8, plumage.Towards(Color.Pale, random.NextUniform(0, 0.15)));
        switch (facts.Species)
        {
            case Species.Kakapo:
                Ellipse(6.5, -3.5, 6.6, 6.6, Color.Pale.Towards(plumage, 0.25));
                if (facts.IsYoung) Ellipse(6.5, -3.5, 4.3, 4.3, plumage.Towards(Color.Dark, 0.3));
                Ellipse(7.5, -2, 2, 2.6, Color.Dark);
                break;
            case Species.Kea:
                Polygon(Color.Dark, (10.5, -8), (18, -6), (20, 3), (16, -1), (10.5, 0));
                Eye(6, -6.5);
                if (facts.IsYoung) Ellipse(11.5, -5, 1.8, 2.4, new(0.95, 0.8, 0.2));
                break;
            case Species.Tui:
                Polygon(Color.Dark, (12, -6), (17, -3.5), (12, -2.5));
                Eye(6.5, -6.5);
                Ellipse(9, 3, 3.3, 3.3, Color.Pale);
                if (facts.IsYoung) Ellipse(3.5, 3.6, 2.4, 2.4, Color.Pale);
                break;
            case Species.Gannet:
                Polygon(Color.Pale.Towards(new(0.6, 0.65, 0.75), 0.3), (9.5, -8), (22, -3), (9.5, 0));
                Eye(6, -5.5);
                if (facts.IsYoung) Ellipse(1, -7.5, 3.5, 2.8, Color.Dark.Towards(plumage, 0.3));
                break;
            default:
                Polygon(Color.Dark, (12, -5.5), (16, -3), (12, -1.5));
                Polygon(Color.Dark, (4.5, -7), (8.5, -7), (8, 3), (4.5, 3));
                Eye(6.5, -7.5);
                if (facts.IsYoung) Ellipse(5, -10.2, 6, 2.6, Color.Dark);
                break;
        }
    }

    private void Eye(double x, double y)
    {
        Ellipse(x, y, 1.8, 1.8, Color.Pale);
        Ellipse(x, y, 1.1, 1.1, Color.Dark);
    }

    private void Grain()
    {
        var strength = random.NextUniform(0.02, 0.06);
        for (var i = 0; i < Pixels.Length; i++) Pixels[i] = Math.Clamp(Pixels[i] + (float)(strength * random.NextNormal()), 0, 1);
    }

    /// <summary>An ellipse in the bird's own frame: it faces right, its middle is the origin, y grows downwards.</summary>
    private void Ellipse(double x, double y, double radiusX, double radiusY, Color color) => OnBird(
        (u, v) =>
        {
            var (dx, dy) = ((u - x) / radiusX, (v - y) / radiusY);
            return (1 - Math.Sqrt((dx * dx) + (dy * dy))) * Math.Min(radiusX, radiusY);
        }, color);

    /// <summary>A convex polygon in the bird's frame, its corners clockwise on the screen.</summary>
    private void Polygon(Color color, params (double X, double Y)[] corners) => OnBird(
        (u, v) =>
        {
            var inside = double.PositiveInfinity;
            for (var i = 0; i < corners.Length; i++)
            {
                var (from, to) = (corners[i], corners[(i + 1) % corners.Length]);
                var (ex, ey) = (to.X - from.X, to.Y - from.Y);
                inside = Math.Min(inside, ((ex * (v - from.Y)) - (ey * (u - from.X))) / Math.Sqrt((ex * ex) + (ey * ey)));
            }

            return inside;
        }, color);

    /// <summary>Paints where a distance in the bird's frame, positive inside, says, with an edge of a pixel; the masks follow.</summary>
    private void OnBird(Func<double, double, double> inside, Color color)
    {
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var (dx, dy) = ((x + 0.5 - _x) / _scale, (y + 0.5 - _y) / _scale);
                var coverage = Math.Clamp((inside(((dx * _cosine) + (dy * _sine)) * _side, (dy * _cosine) - (dx * _sine)) * _scale) + 0.5, 0, 1);
                if (coverage <= 0) continue;
                Blend((y * size) + x, color, coverage);
                if (coverage < 0.5) continue;
                if (_paintsBird) Bird[(y * size) + x] = 1;
                if (_paintsHead) Head[(y * size) + x] = 1;
            }
        }
    }

    private void Blend(int at, Color color, double part)
    {
        var plane = size * size;
        Pixels[at] += (float)(part * (color.Red - Pixels[at]));
        Pixels[plane + at] += (float)(part * (color.Green - Pixels[plane + at]));
        Pixels[(2 * plane) + at] += (float)(part * (color.Blue - Pixels[(2 * plane) + at]));
    }
}
