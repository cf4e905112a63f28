using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>The whole cells of the bins of a region: rows of bins take rows of cells, columns columns, each to one before the end.</summary>
internal readonly record struct BinCells((int From, int To)[] Rows, (int From, int To)[] Columns)
{
    /// <summary>Room for so many bins.</summary>
    public static BinCells For((int Rows, int Columns) bins) => new(new (int, int)[bins.Rows], new (int, int)[bins.Columns]);

    /// <summary>How many cells all bins have together.</summary>
    public long Count
    {
        get
        {
            long rows = 0, columns = 0;
            foreach (var (from, to) in Rows)
            {
                rows += Math.Max(to - from, 0);
            }

            foreach (var (from, to) in Columns)
            {
                columns += Math.Max(to - from, 0);
            }

            return rows * columns;
        }
    }

    /// <summary>The bins of Fast R-CNN's pooling, or of R-FCN's, for a region (image, x1, y1, x2, y2).</summary>
    /// <param name="region">The region; corners are rounded to cells, halves away from zero.</param>
    /// <param name="scale">From its coordinates to the map's.</param>
    /// <param name="inclusive">Whether the end cell belongs to the region.</param>
    /// <param name="lastRow">Rows of the map that count, or one less.</param>
    /// <param name="lastColumn">Columns of the map that count, or one less.</param>
    public void Set<T>(ReadOnlySpan<T> region, T scale, bool inclusive, int lastRow, int lastColumn)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Axis(Columns, region[1] * scale, region[3] * scale, inclusive, lastColumn);
        Axis(Rows, region[2] * scale, region[4] * scale, inclusive, lastRow);
    }

    private static void Axis<T>((int From, int To)[] bins, T from, T to, bool inclusive, int last)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (start, end) = (Whole(from), Whole(to));
        var size = T.CreateTruncating(Math.Max(end - start + (inclusive ? 1 : 0), 1)) / T.CreateTruncating(bins.Length);
        for (var bin = 0; bin < bins.Length; bin++)
        {
            var first = (long)Math.Floor(double.CreateTruncating(T.CreateTruncating(bin) * size));
            var next = (long)Math.Ceiling(double.CreateTruncating(T.CreateTruncating(bin + 1) * size));
            bins[bin] = ((int)Math.Clamp(first + start, 0, last), (int)Math.Clamp(next + start, 0, last));
        }
    }

    // A coordinate that is no number counts as 0; one beyond all maps stays beyond.
    private static long Whole<T>(T at)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => int.CreateSaturating(T.Round(at, MidpointRounding.AwayFromZero));
}
