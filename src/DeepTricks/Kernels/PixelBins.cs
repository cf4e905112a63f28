namespace DeepTricks.Kernels;

/// <summary>
/// The histogram bin of each pixel: of its colour in each channel, and of the derivatives of each channel in eight directions, negative ones counting as 0.
/// </summary>
internal sealed class PixelBins
{
    private const double TextureSigma = 1;

    /// <param name="planes">The channels in [0, 1].</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    public PixelBins(double[][] planes, int width, int height)
    {
        Colors = Array.ConvertAll(planes, plane => Array.ConvertAll(plane, value => Bin(value, 1, RegionTable.ColorBins)));
        Textures = [.. planes.SelectMany(plane => TexturesOf(GaussianFilter.Smooth(plane, width, height, TextureSigma), width, height))];
    }

    /// <summary>For each channel, the bin of each pixel.</summary>
    public byte[][] Colors { get; }

    /// <summary>For each channel and direction, the bin of each pixel.</summary>
    public byte[][] Textures { get; }

    /// <summary>The bins reach to the steepest slope of the channel, the same for all directions, so that a picture turned by 90° has its bins turned.</summary>
    private static IEnumerable<byte[]> TexturesOf(double[] plane, int width, int height)
    {
        var (across, down) = (new double[plane.Length], new double[plane.Length]);
        var steepest = 0.0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = (y * width) + x;
                across[at] = plane[(y * width) + Math.Min(x + 1, width - 1)] - plane[(y * width) + Math.Max(x - 1, 0)];
                down[at] = plane[(Math.Min(y + 1, height - 1) * width) + x] - plane[(Math.Max(y - 1, 0) * width) + x];
                steepest = Math.Max(steepest, (across[at] * across[at]) + (down[at] * down[at]));
            }
        }

        steepest = Math.Sqrt(steepest);
        var diagonal = Math.Sqrt(0.5);
        (double X, double Y)[] directions = [(1, 0), (diagonal, diagonal), (0, 1), (-diagonal, diagonal), (-1, 0), (-diagonal, -diagonal), (0, -1), (diagonal, -diagonal)];
        foreach (var (x, y) in directions)
        {
            var bins = new byte[plane.Length];
            for (var i = 0; i < bins.Length; i++) bins[i] = Bin((x * across[i]) + (y * down[i]), steepest, RegionTable.TextureBins);
            yield return bins;
        }
    }

    private static byte Bin(double value, double range, int bins) => value > 0 && range > 0 ? (byte)Math.Min((int)(value / range * bins), bins - 1) : (byte)0;
}
