namespace KakapoSample;

internal sealed partial class BirdPainter
{
    private void PaintGround(Ground ground)
    {
        switch (ground)
        {
            case Ground.Forest:
                Fill(Near(0.12, 0.26, 0.13), Near(0.20, 0.36, 0.18));
                Many(3, 7, () => Stripe(random.NextUniform(0, size), random.NextUniform(1.5, 4), Near(0.26, 0.19, 0.12)));
                Many(15, 30, () => Spot(random.NextUniform(1.5, 4), Near(0.22, 0.42, 0.18), 0.7));
                break;
            case Ground.Rocks:
                Fill(Near(0.50, 0.49, 0.48), Near(0.64, 0.64, 0.66));
                Many(10, 20, () => Spot(random.NextUniform(3, 8), Near(0.44, 0.43, 0.43), 0.6));
                Many(4, 9, () => Spot(random.NextUniform(2, 5), Near(0.90, 0.91, 0.94), 0.9));
                break;
            case Ground.Meadow:
                Fill(Near(0.60, 0.70, 0.30), Near(0.45, 0.60, 0.22));
                Many(20, 40, () => Spot(random.NextUniform(0.7, 1.6), Near(0.80, 0.78, 0.35), 0.8));
                Many(3, 9, () => Spot(random.NextUniform(1, 2), Near(0.90, 0.60, 0.65), 0.9));
                break;
            case Ground.Sea:
                Fill(Near(0.10, 0.30, 0.45), Near(0.06, 0.22, 0.36));
                Many(6, 14, () => Wave(random.NextUniform(0, size), Near(0.35, 0.58, 0.66)));
                break;
            default:
                Fill(Near(0.35, 0.58, 0.88), Near(0.66, 0.82, 0.96));
                Many(2, 6, () => Spot(random.NextUniform(4, 11), Near(0.95, 0.96, 0.98), 0.7));
                break;
        }
    }

    private Color Near(double red, double green, double blue) =>
        new(red + random.NextUniform(-0.06, 0.06), green + random.NextUniform(-0.06, 0.06), blue + random.NextUniform(-0.06, 0.06));

    private void Many(int least, int most, Action paint)
    {
        for (var left = least + random.NextInt32(most - least); left > 0; left--) paint();
    }

    private void Fill(Color top, Color bottom) => OnGround((_, _) => 1, y => top.Towards(bottom, (double)y / size));

    private void Spot(double radius, Color color, double most)
    {
        var (x0, y0, squash) = (random.NextUniform(0, size), random.NextUniform(0, size), random.NextUniform(0.5, 1));
        OnGround((x, y) => most * Math.Clamp(0.5 + radius - Math.Sqrt(((x - x0) * (x - x0)) + ((y - y0) * (y - y0) / (squash * squash))), 0, 1), _ => color);
    }

    private void Stripe(double middle, double width, Color color)
    {
        var lean = random.NextUniform(-0.2, 0.2);
        OnGround((x, y) => Math.Clamp(0.5 + (width / 2) - Math.Abs(x - middle - (lean * y)), 0, 1), _ => color);
    }

    private void Wave(double middle, Color color)
    {
        var (phase, length, from) = (random.NextUniform(0, 2 * Math.PI), random.NextUniform(6, 20), random.NextUniform(-8, size));
        OnGround((x, y) => x < from || x > from + length ? 0 : Math.Clamp(1.1 - Math.Abs(y - middle - (0.8 * Math.Sin((0.6 * x) + phase))), 0, 1), _ => color);
    }

    private void OnGround(Func<double, double, double> coverage, Func<int, Color> color)
    {
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                if (coverage(x + 0.5, y + 0.5) is var part and > 0) Blend((y * size) + x, color(y), part);
            }
        }
    }
}
