using DeepTricks.Data;

namespace SegmentationSample;

/// <summary>A closed shape with a wavy outline: an ellipse, turned, whose radius rises and falls around it.</summary>
/// <param name="X">The centre, in pixels.</param>
/// <param name="Y">The centre, in pixels.</param>
/// <param name="RadiusX">Half its width before turning.</param>
/// <param name="RadiusY">Half its height before turning.</param>
/// <param name="Turn">In radians.</param>
internal sealed record Blob(double X, double Y, double RadiusX, double RadiusY, double Turn = 0)
{
    /// <summary>How far the outline departs from the ellipse, in parts of the radius, two and three times around.</summary>
    public (double Second, double Third, double Phase) Waves { get; init; }

    /// <summary>What is cut out of it, as a crescent needs; null for nothing.</summary>
    public Blob? Bite { get; init; }

    /// <summary>No pixel farther from the centre than this is covered.</summary>
    public double Reach => Math.Max(RadiusX, RadiusY) * (1 + Waves.Second + Waves.Third + (0.5 / Math.Min(RadiusX, RadiusY)));

    /// <summary>How much of a pixel lies inside, 0 to 1.</summary>
    public double Coverage(double x, double y)
    {
        var (dx, dy) = (x - X, y - Y);
        var (cosine, sine) = (Math.Cos(Turn), Math.Sin(Turn));
        var (u, v) = (((dx * cosine) + (dy * sine)) / RadiusX, ((dy * cosine) - (dx * sine)) / RadiusY);
        var angle = Math.Atan2(v, u);
        var outline = 1 + (Waves.Second * Math.Cos((2 * angle) + Waves.Phase)) + (Waves.Third * Math.Cos((3 * angle) - Waves.Phase));
        // About the distance to the outline in pixels, since the edge is one pixel soft.
        var inside = Math.Clamp(0.5 + ((outline - Math.Sqrt((u * u) + (v * v))) * Math.Min(RadiusX, RadiusY)), 0, 1);
        return Bite is null ? inside : inside * (1 - Bite.Coverage(x, y));
    }

    /// <summary>The same outline around another centre, scaled.</summary>
    public Blob Scaled(double factor) => this with { RadiusX = RadiusX * factor, RadiusY = RadiusY * factor };

    /// <summary>A blob whose waves are drawn at random, up to <paramref name="waviness"/> of the radius.</summary>
    public Blob Wavy(SampleRandom random, double waviness) =>
        this with { Waves = (random.NextUniform(0, waviness), random.NextUniform(0, waviness / 2), random.NextUniform(0, 2 * Math.PI)) };
}
