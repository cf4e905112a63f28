using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>
/// Whole cells of regions (image, x1, y1, x2, y2), all of one weight in a bin, as R-FCN's position-sensitive pooling takes them. As in torchvision, the map's
/// last row and column never count.
/// </summary>
internal sealed class CoveredTaps<T>((int Rows, int Columns) bins) : RegionTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BinCells _cells = BinCells.For(bins);
    private readonly AxisTaps<T> _rows = new(), _columns = new();

    /// <inheritdoc/>
    public override void Add(TapTable<T> table, ReadOnlySpan<T> region, MapLayout map, T scale)
    {
        _cells.Set(region, scale, inclusive: false, map.Height - 1, map.Width - 1);
        _rows.Cover(_cells.Rows);
        _columns.Cover(_cells.Columns);
        table.Add(_rows, _columns, bins, map.Width);
    }
}
