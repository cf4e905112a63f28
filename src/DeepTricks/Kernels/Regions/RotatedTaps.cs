using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>
/// Bilinear samples in regions (image, centre x, centre y, width, height, degrees), turned counterclockwise about the centre, as
/// detectron2's <c>ROIAlignRotated</c> takes them: half a cell is always subtracted from the centre.
/// </summary>
internal sealed class RotatedTaps<T>((int Rows, int Columns) bins, int sampling) : RegionTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int TapsOfSample = 4;

    /// <inheritdoc/>
    public override void Add(TapTable<T> table, ReadOnlySpan<T> region, MapLayout map, T scale)
    {
        var half = T.CreateTruncating(0.5f);
        var (centreX, centreY) = ((region[1] * scale) - half, (region[2] * scale) - half);
        var (width, height) = (region[3] * scale, region[4] * scale);
        var (sine, cosine) = T.SinCos(region[5] * T.CreateTruncating(Math.PI / 180));
        var (binWidth, binHeight) = (width / T.CreateTruncating(bins.Columns), height / T.CreateTruncating(bins.Rows));
        var isFinite = AreFinite([centreX, centreY, width, height, sine]);
        var (rows, columns) = isFinite ? (Samples(sampling, binHeight), Samples(sampling, binWidth)) : (0, 0);
        var weight = T.One / T.CreateTruncating(Math.Max(rows * columns, 1));
        for (var i = 0; i < bins.Rows; i++)
        {
            for (var j = 0; j < bins.Columns; j++)
            {
                for (var row = 0L; row < rows; row++)
                {
                    var down = At(-height * half, i, binHeight, row, rows);
                    for (var column = 0L; column < columns; column++)
                    {
                        var along = At(-width * half, j, binWidth, column, columns);
                        Sample(table, (down * cosine) - (along * sine) + centreY, (down * sine) + (along * cosine) + centreX, map, weight);
                    }
                }

                table.EndBin();
            }
        }
    }

    private static T At(T start, int bin, T size, long sample, long samples) =>
        start + (T.CreateTruncating(bin) * size) + (T.CreateTruncating(sample + 0.5) * size / T.CreateTruncating(samples));

    private static void Sample(TapTable<T> table, T y, T x, MapLayout map, T weight)
    {
        if (!(y >= -T.One && y <= T.CreateTruncating(map.Height) && x >= -T.One && x <= T.CreateTruncating(map.Width)))
        {
            return;
        }

        var (top, bottom, down) = Neighbours(y, map.Height);
        var (left, right, along) = Neighbours(x, map.Width);
        var (up, before) = ((T.One - down) * weight, T.One - along);
        down *= weight;
        var taps = table.Room(TapsOfSample);
        taps[0] = new((top * map.Width) + left, up * before);
        taps[1] = new((top * map.Width) + right, up * along);
        taps[2] = new((bottom * map.Width) + left, down * before);
        taps[3] = new((bottom * map.Width) + right, down * along);
    }

    private static (int Low, int High, T Fraction) Neighbours(T at, int cells)
    {
        at = T.Clamp(at, T.Zero, T.CreateTruncating(cells - 1));
        var low = int.CreateTruncating(at);
        return (low, Math.Min(low + 1, cells - 1), at - T.CreateTruncating(low));
    }
}
