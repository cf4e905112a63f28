namespace DetectionSample;

/// <summary>A shape somewhere in a picture.</summary>
/// <param name="Shape">What it is.</param>
/// <param name="X">Its centre, in pixels.</param>
/// <param name="Y">Its centre, in pixels.</param>
/// <param name="Radius">How far it reaches from its centre.</param>
/// <param name="Turn">In radians.</param>
internal sealed record Figure(Shape Shape, double X, double Y, double Radius, double Turn)
{
    private const double RingHole = 0.5, StarWaist = 0.42;

    /// <summary>How much of a pixel the figure covers, from 0 to 1: its edge is one pixel soft.</summary>
    public double Coverage(double x, double y)
    {
        var (dx, dy) = (x - X, y - Y);
        var (sine, cosine) = Math.SinCos(Turn);
        return Math.Clamp(0.5 + Inside((dx * cosine) + (dy * sine), (dy * cosine) - (dx * sine)), 0, 1);
    }

    /// <summary>The pixels that it may cover in a picture.</summary>
    public Extent Extent(int size) => DetectionSample.Extent.Around(X, Y, Radius, size);

    /// <summary>The distance to the outline, above 0 inside.</summary>
    private double Inside(double u, double v)
    {
        var distance = Math.Sqrt((u * u) + (v * v));
        return Shape switch
        {
            Shape.Disc => Radius - distance,
            Shape.Ring => Math.Min(Radius - distance, distance - (RingHole * Radius)),
            Shape.Square => (Radius * Math.Sqrt(0.5)) - Math.Max(Math.Abs(u), Math.Abs(v)),
            Shape.Triangle => Pointed(u, v, distance, points: 3, waist: 0.5),
            _ => Pointed(u, v, distance, points: 5, StarWaist),
        };
    }

    /// <summary>A star, folded into half of one of its points: one edge from the tip to the waist. A triangle is a star whose waist is straight.</summary>
    private double Pointed(double u, double v, double distance, int points, double waist)
    {
        var half = Math.PI / points;
        var angle = Math.Abs(Math.IEEERemainder(Math.Atan2(v, u), 2 * half));
        var (sine, cosine) = Math.SinCos(half);
        var (edgeX, edgeY) = ((waist * cosine) - 1, waist * sine);
        var (x, y) = ((distance * Math.Cos(angle)) - Radius, distance * Math.Sin(angle));
        return ((edgeX * y) - (edgeY * x)) / Math.Sqrt((edgeX * edgeX) + (edgeY * edgeY));
    }
}
