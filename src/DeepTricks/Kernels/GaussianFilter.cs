using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>Smooths an image plane with a sampled Gaussian; the plane is mirrored at its edges (d c b a | a b c d | d c b a), as SciPy's "reflect" does.</summary>
internal static class GaussianFilter
{
    /// <summary>Where the Gaussian is cut off, in standard deviations; SciPy's default.</summary>
    private const double Reach = 4;

    /// <summary>The smoothed plane; a copy where sigma is 0.</summary>
    public static double[] Smooth(double[] plane, int width, int height, double sigma)
    {
        var weights = Weights(sigma);
        if (weights.Length == 1) return [.. plane];
        var radius = weights.Length / 2;
        var across = new double[plane.Length];
        var smoothed = new double[plane.Length];
        RowParallel.For(height, width * weights.Length, (from, to) =>
        {
            var padded = new double[width + (2 * radius)];
            for (var y = (int)from; y < to; y++)
            {
                var row = plane.AsSpan(y * width, width);
                for (var x = 0; x < padded.Length; x++) padded[x] = row[Mirror(x - radius, width)];
                for (var tap = 0; tap < weights.Length; tap++) AddScaled(across.AsSpan(y * width, width), padded.AsSpan(tap, width), weights[tap]);
            }
        });
        RowParallel.For(height, width * weights.Length, (from, to) =>
        {
            for (var y = (int)from; y < to; y++)
                for (var tap = 0; tap < weights.Length; tap++)
                    AddScaled(smoothed.AsSpan(y * width, width), across.AsSpan(Mirror(y + tap - radius, height) * width, width), weights[tap]);
        });
        return smoothed;
    }

    private static double[] Weights(double sigma)
    {
        var radius = (int)((Reach * sigma) + 0.5);
        var weights = new double[(2 * radius) + 1];
        for (var i = 0; i < weights.Length; i++) weights[i] = radius == 0 ? 1 : Math.Exp(-0.5 * (i - radius) * (i - radius) / (sigma * sigma));
        var sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }

    private static int Mirror(int at, int size)
    {
        var period = 2 * size;
        at = ((at % period) + period) % period;
        return at < size ? at : period - 1 - at;
    }

    private static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        var i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(target[i..]) + (new Vector<double>(source[i..]) * factor)).CopyTo(target[i..]);
        for (; i < target.Length; i++) target[i] += source[i] * factor;
    }
}
