namespace DeepTricks.Data;

/// <summary>
/// Draws handwritten-like digits, so that samples and tests run where MNIST cannot be had. They are not MNIST: an error measured on
/// them says nothing about an error on real handwriting.
/// </summary>
/// <remarks>
/// A digit is one of a few ways of writing it (a list of pen strokes), with displaced points, its own proportions, slant, rotation and a
/// slow wobble, drawn with a pen of varying width, blurred and mottled a little, scaled into 20 x 20 pixels and centred by its centre of
/// mass in 28 x 28, as MNIST was (LeCun, Cortes and Burges). The picture is a pure function of the digit and the random numbers.
/// </remarks>
public static class SyntheticDigits
{
    /// <summary>The width and height of a picture in pixels.</summary>
    public const int Size = 28;

    /// <summary>The bytes of a picture.</summary>
    public const int PixelCount = Size * Size;

    private const int BoxSize = 20;
    private const int StepsPerSegment = 8;

    /// <summary>Draws pictures of random digits.</summary>
    /// <param name="count">The number of pictures, at least 0.</param>
    /// <param name="seed">The seed; any value.</param>
    /// <param name="stream">Which of the seed's streams of pictures to draw, from 0: for example 0 to train with, 1 to test with.</param>
    /// <returns><paramref name="count"/> x 28 x 28 grey values (0 paper, 255 ink), and the digits.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="count"/> or <paramref name="stream"/> is negative, or the pictures exceed an array.
    /// </exception>
    public static (byte[] Images, byte[] Labels) Generate(int count, long seed, int stream = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / PixelCount);
        ArgumentOutOfRangeException.ThrowIfNegative(stream);
        var images = new byte[count * PixelCount];
        var labels = new byte[count];
        Parallel.For(0, count, i =>
        {
            var random = new SampleRandom(seed, stream, i);
            labels[i] = (byte)random.NextInt32(10);
            Draw(labels[i], random, images.AsSpan(i * PixelCount, PixelCount));
        });
        return (images, labels);
    }

    /// <summary>Draws one digit.</summary>
    /// <param name="digit">The digit, 0 to 9.</param>
    /// <param name="random">Decides how it is written.</param>
    /// <param name="pixels">Receives 28 x 28 grey values (0 paper, 255 ink).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="digit"/> is not a digit.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> does not hold 784 bytes.</exception>
    public static void Draw(int digit, SampleRandom random, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digit, 9);
        ArgumentNullException.ThrowIfNull(random);
        if (pixels.Length != PixelCount)
        {
            throw new ArgumentException($"{pixels.Length} bytes came; expected {PixelCount}.", nameof(pixels));
        }

        var ways = DigitStrokes.Of(digit);
        var way = ways[random.NextInt32(ways.Length)];
        var spread = (float)random.NextUniform(0.01, 0.06);
        var strokes = way.Select(stroke => Curve(Displaced(stroke, spread, random))).ToArray();
        Deform(strokes, random);
        var radius = random.NextUniform(0.8, 1.75);
        FitIntoBox(strokes, BoxSize - (2 * radius));
        Span<float> ink = stackalloc float[PixelCount];
        var softness = random.NextUniform(0.4, 0.65);
        foreach (var stroke in strokes)
        {
            DrawStroke(stroke, radius, softness, random, ink);
        }

        Print(ink, random, pixels);
    }

    private static (float X, float Y)[] Displaced((float X, float Y)[] stroke, float spread, SampleRandom random) =>
        [.. stroke.Select(p => (p.X + (spread * (float)random.NextNormal()), p.Y + (spread * (float)random.NextNormal())))];

    /// <summary>A smooth curve through the points (Catmull and Rom, 1974).</summary>
    private static (float X, float Y)[] Curve((float X, float Y)[] points)
    {
        var curve = new (float X, float Y)[((points.Length - 1) * StepsPerSegment) + 1];
        for (var i = 0; i < curve.Length; i++)
        {
            var segment = Math.Min(i / StepsPerSegment, points.Length - 2);
            var t = (i - (segment * StepsPerSegment)) / (float)StepsPerSegment;
            var (a, b) = (points[Math.Max(segment - 1, 0)], points[segment]);
            var (c, d) = (points[segment + 1], points[Math.Min(segment + 2, points.Length - 1)]);
            curve[i] = (Blend(a.X, b.X, c.X, d.X, t), Blend(a.Y, b.Y, c.Y, d.Y, t));
        }

        return curve;
    }

    private static float Blend(float a, float b, float c, float d, float t) =>
        0.5f * ((2 * b) + (t * (c - a)) + (t * t * ((2 * a) - (5 * b) + (4 * c) - d)) + (t * t * t * ((3 * (b - c)) + d - a)));

    /// <summary>Proportions, slant, rotation and a slow wobble of the whole digit.</summary>
    private static void Deform((float X, float Y)[][] strokes, SampleRandom random)
    {
        var width = random.NextUniform(0.6, 1.15);
        var slant = 0.12 + (0.21 * random.NextNormal());
        var (sin, cos) = Math.SinCos(0.14 * random.NextNormal());
        var (waveX, waveY) = (random.NextUniform(0, 0.055), random.NextUniform(0, 0.055));
        var (frequencyX, frequencyY) = (random.NextUniform(0.5, 1.5), random.NextUniform(0.5, 1.5));
        var (phaseX, phaseY) = (random.NextDouble(), random.NextDouble());
        foreach (var stroke in strokes)
        {
            for (var i = 0; i < stroke.Length; i++)
            {
                var (x, y) = (stroke[i].X - 0.5, stroke[i].Y - 0.5);
                (x, y) = (
                    x + (waveX * Math.Sin(2 * Math.PI * ((frequencyX * y) + phaseX))),
                    y + (waveY * Math.Sin(2 * Math.PI * ((frequencyY * x) + phaseY))));
                x = (width * x) - (slant * y);
                stroke[i] = ((float)((cos * x) - (sin * y)), (float)((sin * x) + (cos * y)));
            }
        }
    }

    /// <summary>Scales the longer side to the box and puts the centre of the line's mass in the middle of the picture.</summary>
    private static void FitIntoBox((float X, float Y)[][] strokes, double side)
    {
        var points = strokes.SelectMany(stroke => stroke).ToArray();
        var extent = Math.Max(points.Max(p => p.X) - points.Min(p => p.X), points.Max(p => p.Y) - points.Min(p => p.Y));
        var scale = (float)side / extent;
        var (sumX, sumY, length) = (0f, 0f, 0f);
        foreach (var stroke in strokes)
        {
            for (var i = 1; i < stroke.Length; i++)
            {
                var ((x0, y0), (x1, y1)) = (stroke[i - 1], stroke[i]);
                var piece = MathF.Sqrt(((x1 - x0) * (x1 - x0)) + ((y1 - y0) * (y1 - y0)));
                (sumX, sumY, length) = (sumX + (piece * (x0 + x1) / 2), sumY + (piece * (y0 + y1) / 2), length + piece);
            }
        }

        var shiftX = Shift(sumX / length, points.Min(p => p.X), points.Max(p => p.X));
        var shiftY = Shift(sumY / length, points.Min(p => p.Y), points.Max(p => p.Y));
        foreach (var stroke in strokes)
        {
            for (var i = 0; i < stroke.Length; i++)
            {
                stroke[i] = ((scale * stroke[i].X) + shiftX, (scale * stroke[i].Y) + shiftY);
            }
        }

        // Centres the mass as far as the digit stays within the picture.
        float Shift(float mass, float lowest, float highest)
        {
            const float middle = (Size - 1) / 2f;
            const float margin = 3;
            return Math.Clamp(middle - (scale * mass), margin - (scale * lowest), Size - 1 - margin - (scale * highest));
        }
    }

    private static void DrawStroke((float X, float Y)[] stroke, double radius, double softness, SampleRandom random, Span<float> ink)
    {
        // The pen's pressure: heavier or lighter along the stroke, lifted a little at its end.
        var (pressure, phase) = (random.NextUniform(0, 0.22), random.NextDouble());
        var lift = random.NextUniform(0, 0.35);
        for (var i = 1; i < stroke.Length; i++)
        {
            var along = i / (double)stroke.Length;
            var width = radius * (1 + (pressure * Math.Sin(2 * Math.PI * (along + phase)))) * (1 - (lift * Math.Pow(along, 6)));
            DrawPiece(stroke[i - 1], stroke[i], (float)width, (float)softness, ink);
        }
    }

    private static void DrawPiece((float X, float Y) from, (float X, float Y) to, float radius, float softness, Span<float> ink)
    {
        var reach = radius + softness;
        var (left, right) = (Clamp(MathF.Min(from.X, to.X) - reach), Clamp(MathF.Max(from.X, to.X) + reach + 1));
        var (top, bottom) = (Clamp(MathF.Min(from.Y, to.Y) - reach), Clamp(MathF.Max(from.Y, to.Y) + reach + 1));
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var squared = MathF.Max((dx * dx) + (dy * dy), 1e-12f);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var t = Math.Clamp((((x - from.X) * dx) + ((y - from.Y) * dy)) / squared, 0, 1);
                var (ex, ey) = (x - from.X - (t * dx), y - from.Y - (t * dy));
                var edge = Math.Clamp((radius + softness - MathF.Sqrt((ex * ex) + (ey * ey))) / (2 * softness), 0, 1);
                ref var value = ref ink[(y * Size) + x];
                value = MathF.Max(value, edge * edge * (3 - (2 * edge)));
            }
        }
    }

    private static int Clamp(float value) => Math.Clamp((int)value, 0, Size - 1);

    /// <summary>Blurs with the weights (w, 1, w) both ways, mottles the ink and rounds to bytes; paper stays 0.</summary>
    private static void Print(ReadOnlySpan<float> ink, SampleRandom random, Span<byte> pixels)
    {
        var blur = (float)random.NextUniform(0, 0.12);
        var mottle = (float)random.NextUniform(0, 0.12);
        var gain = 255 * (float)random.NextUniform(1.1, 1.35) / ((1 + (2 * blur)) * (1 + (2 * blur)));
        Span<float> rows = stackalloc float[PixelCount];
        for (var i = 0; i < PixelCount; i++)
        {
            var x = i % Size;
            rows[i] = ink[i] + (blur * ((x > 0 ? ink[i - 1] : 0) + (x < Size - 1 ? ink[i + 1] : 0)));
        }

        for (var i = 0; i < PixelCount; i++)
        {
            var value = rows[i] + (blur * ((i >= Size ? rows[i - Size] : 0) + (i < PixelCount - Size ? rows[i + Size] : 0)));
            pixels[i] = value > 0 ? (byte)Math.Clamp(gain * value * (1 - (mottle * random.NextSingle())), 0, 255) : (byte)0;
        }
    }
}
