using DeepTricks.Detection;

namespace DeepTricks.Kernels;

/// <summary>The channels of an RGB picture in another colour space, each in [0, 1].</summary>
internal static class ColorPlanes
{
    /// <summary>The white of D65, and the matrix from linear sRGB to XYZ over it.</summary>
    private const double WhiteX = 0.95047, WhiteZ = 1.08883;

    /// <summary>Converts.</summary>
    /// <param name="rgb">Red, green and blue, one plane after the other, in [0, 1].</param>
    /// <param name="pixels">The pixels of a plane.</param>
    /// <param name="space">The colour space.</param>
    public static double[][] Convert(float[] rgb, int pixels, SearchColorSpace space)
    {
        var planes = new double[space is SearchColorSpace.Hue or SearchColorSpace.Intensity ? 1 : 3][];
        for (var i = 0; i < planes.Length; i++) planes[i] = new double[pixels];
        for (var i = 0; i < pixels; i++)
        {
            var (r, g, b) = (rgb[i], rgb[pixels + i], rgb[(2 * pixels) + i]);
            var (first, second, third) = Convert(r, g, b, space);
            planes[0][i] = first;
            if (planes.Length == 1) continue;
            (planes[1][i], planes[2][i]) = (second, third);
        }

        return planes;
    }

    private static (double, double, double) Convert(double r, double g, double b, SearchColorSpace space) => space switch
    {
        SearchColorSpace.Rgb => (r, g, b),
        SearchColorSpace.Lab => Lab(r, g, b),
        SearchColorSpace.NormalizedRedGreen => (Part(r, r + g + b), Part(g, r + g + b), Intensity(r, g, b)),
        SearchColorSpace.Intensity => (Intensity(r, g, b), 0, 0),
        _ => Hsv(r, g, b),
    };

    private static double Intensity(double r, double g, double b) => (0.299 * r) + (0.587 * g) + (0.114 * b);

    private static double Part(double value, double sum) => sum > 0 ? value / sum : 1.0 / 3;

    private static (double, double, double) Hsv(double r, double g, double b)
    {
        var highest = Math.Max(r, Math.Max(g, b));
        var range = highest - Math.Min(r, Math.Min(g, b));
        if (range == 0) return (0, 0, highest);
        var sector = highest == r ? (g - b) / range : highest == g ? 2 + ((b - r) / range) : 4 + ((r - g) / range);
        return ((sector < 0 ? sector + 6 : sector) / 6, range / highest, highest);
    }

    private static (double, double, double) Lab(double r, double g, double b)
    {
        (r, g, b) = (Linear(r), Linear(g), Linear(b));
        var x = Root(((0.412453 * r) + (0.357580 * g) + (0.180423 * b)) / WhiteX);
        var y = Root((0.212671 * r) + (0.715160 * g) + (0.072169 * b));
        var z = Root(((0.019334 * r) + (0.119193 * g) + (0.950227 * b)) / WhiteZ);
        return (((116 * y) - 16) / 100, ((500 * (x - y)) + 128) / 255, ((200 * (y - z)) + 128) / 255);
    }

    private static double Linear(double value) => value > 0.04045 ? Math.Pow((value + 0.055) / 1.055, 2.4) : value / 12.92;

    private static double Root(double value) => value > 0.008856 ? Math.Cbrt(value) : (7.787 * value) + (16.0 / 116);
}
