using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>Bilinear samples in regions (image, x1, y1, x2, y2).</summary>
internal sealed class UprightTaps<T>((int Rows, int Columns) bins, int sampling, bool aligned) : RegionTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AxisTaps<T> _rows = new(), _columns = new();

    /// <inheritdoc/>
    public override void Add(TapTable<T> table, ReadOnlySpan<T> region, MapLayout map, T scale)
    {
        Axis(_columns, region[1], region[3], scale, bins.Columns, map.Width);
        Axis(_rows, region[2], region[4], scale, bins.Rows, map.Height);
        table.Add(_rows, _columns, bins, map.Width);
    }

    private void Axis(AxisTaps<T> axis, T from, T to, T scale, int count, int cells)
    {
        var shift = aligned ? T.CreateTruncating(0.5f) : T.Zero;
        var start = (from * scale) - shift;
        var length = (to * scale) - shift - start;
        if (!T.IsFinite(length))
        {
            axis.Sample(T.Zero, T.Zero, count, 0, cells);
            return;
        }

        var size = (aligned ? length : T.Max(length, T.One)) / T.CreateTruncating(count);
        axis.Sample(start, size, count, Samples(sampling, size), cells);
    }
}
