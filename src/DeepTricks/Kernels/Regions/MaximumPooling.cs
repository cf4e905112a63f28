using System.Buffers;
using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>
/// Pools the largest cell of each bin, on the CPU. Where the largest was is found again for the gradient: to store it for each
/// number of the result would take longer.
/// </summary>
/// <param name="regions">Rows of (image, x1, y1, x2, y2).</param>
/// <param name="scale">From a region's coordinates to the map's.</param>
/// <param name="bins">Of a region.</param>
internal sealed unsafe class MaximumPooling<T>(T[] regions, T scale, (int Rows, int Columns) bins)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Columns = 5;
    private const long MostCells = 1 << 24;

    private readonly RegionOrder _order = RegionOrder.Of<T>(regions, Columns, []);

    private int Bins => bins.Rows * bins.Columns;

    /// <summary>Whether maps of so many cells can be pooled: their numbers must be exact in single precision.</summary>
    public static bool Fits(long cells) => cells < MostCells && ChannelTile<T>.Fits(cells);

    /// <summary>Writes [K, C, rows, columns].</summary>
    public void Forward(MapLayout map, nint features, T* output)
    {
        var items = Items(map);
        RowParallel.Each(items.Length, Work(map, items.Length), i =>
        {
            using var tile = Tile(items[i], map, (T*)features);
            var cells = BinCells.For(bins);
            var buffer = ArrayPool<T>.Shared.Rent(Bins * tile.Width);
            fixed (T* pooled = buffer)
            {
                for (var place = items[i].Run.First; place < items[i].Run.Last; place++)
                {
                    MaximumBins.Gather(tile.Start, tile.Width, Set(cells, place, map), map.Width, pooled);
                    Transposition.Copy(pooled, tile.Width, Result(output, place, items[i], map), Bins, Bins, items[i].Channels);
                }
            }

            ArrayPool<T>.Shared.Return(buffer);
        });
    }

    /// <summary>Writes the gradient [N, C, H, W], which lies as the map does, from [K, C, rows, columns].</summary>
    public void Backward(MapLayout map, long images, nint features, nint gradients, T* upstream)
    {
        _order.ClearUntouched<T>([map], images, [gradients]);
        var items = Items(map);
        RowParallel.Each(items.Length, Work(map, items.Length), i =>
        {
            using var tile = Tile(items[i], map, (T*)features);
            using var gradient = new ChannelTile<T>(items[i].Channels, map.Cells);
            gradient.Clear();
            var cells = BinCells.For(bins);
            var buffer = ArrayPool<T>.Shared.Rent(Bins * tile.Width);
            buffer.AsSpan(0, Bins * tile.Width).Clear();
            fixed (T* pooled = buffer)
            {
                for (var place = items[i].Run.First; place < items[i].Run.Last; place++)
                {
                    Transposition.Copy(Result(upstream, place, items[i], map), Bins, pooled, tile.Width, items[i].Channels, Bins);
                    MaximumBins.Scatter(tile.Start, gradient.Start, tile.Width, Set(cells, place, map), map.Width, pooled);
                }
            }

            ArrayPool<T>.Shared.Return(buffer);
            gradient.Write(map.Channel((T*)gradients, items[i].Run.Image, items[i].FirstChannel), map);
        });
    }

    private static ChannelTile<T> Tile(PoolingItem item, MapLayout map, T* features)
    {
        var tile = new ChannelTile<T>(item.Channels, map.Cells);
        tile.Read(map.Channel(features, item.Run.Image, item.FirstChannel), map);
        return tile;
    }

    private PoolingItem[] Items(MapLayout map) => [.. PoolingItem.Share(_order.Runs, _ => map.Channels, Vector<T>.Count)];

    private long Work(MapLayout map, int items) => ((long)map.Cells * map.Channels * _order.Runs.Length / Math.Max(items, 1)) + (_order.Regions.Length * Bins * 4L);

    private BinCells Set(BinCells cells, int place, MapLayout map)
    {
        cells.Set(regions.AsSpan(_order.Regions[place] * Columns, Columns), scale, inclusive: true, map.Height, map.Width);
        return cells;
    }

    private T* Result(T* all, int place, PoolingItem item, MapLayout map) =>
        all + ((((nint)_order.Regions[place] * map.Channels) + item.FirstChannel) * Bins);
}
