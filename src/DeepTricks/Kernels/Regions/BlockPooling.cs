using System.Buffers;
using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>Some channels of one image: as they lie, channel by channel, or side by side in a tile, whichever is less work.</summary>
internal readonly unsafe ref struct BlockPooling<T>(PoolingItem item, MapLayout map, T* start, int bins, bool ownChannels)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Making a tile takes about as long for a cell as going through channels, each apart, takes for this many taps.</summary>
    private const double TapsOfCell = 0.5;

    /// <summary>The same against going through channels that lie side by side already: a tile only keeps them in the cache.</summary>
    private const double TapsOfCopy = 4;

    private readonly T* _first = map.Channel(start, item.Run.Image, item.FirstChannel * (ownChannels ? bins : 1));

    private int ChannelsOfResult => map.Channels / (ownChannels ? bins : 1);

    private nint PerBin => ownChannels ? map.ChannelStride : 0;

    /// <summary>Pools the regions of tables into [K, C, bins].</summary>
    public void Gather(ReadOnlySpan<(RegionRun Part, TapTable<T> Table)> tables, int[] regions, T* output)
    {
        if (IsWorthATile(tables))
        {
            using var tile = new ChannelTile<T>(item.Channels, map.Cells);
            tile.Read(_first, map);
            GatherCells(tile.Start, tile.Width, tile.Width, tables, regions, output);
        }
        else if (HasWholeCells)
        {
            GatherCells(_first, map.CellStride, item.Channels, tables, regions, output);
        }
        else
        {
            GatherPlanes(tables, regions, output);
        }
    }

    /// <summary>Adds to the map, which is a gradient, what comes for the regions of tables in [K, C, bins].</summary>
    /// <param name="tables">The taps.</param>
    /// <param name="regions">The number of each region by its place.</param>
    /// <param name="upstream">What comes.</param>
    /// <param name="isFirst">Whether the map's content is not defined yet.</param>
    public void Scatter(ReadOnlySpan<(RegionRun Part, TapTable<T> Table)> tables, int[] regions, T* upstream, bool isFirst)
    {
        if (IsWorthATile(tables))
        {
            using var tile = new ChannelTile<T>(item.Channels, map.Cells);
            if (isFirst)
            {
                tile.Clear();
            }
            else
            {
                tile.Read(_first, map);
            }

            ScatterCells(tile.Start, tile.Width, tile.Width, tables, regions, upstream);
            tile.Write(_first, map);
            return;
        }

        if (isFirst)
        {
            Clear();
        }

        if (HasWholeCells)
        {
            ScatterCells(_first, map.CellStride, item.Channels, tables, regions, upstream);
        }
        else
        {
            ScatterPlanes(tables, regions, upstream);
        }
    }

    /// <summary>Whether the block's channels lie side by side and fill vectors.</summary>
    private bool HasWholeCells => map.ChannelsLast && !ownChannels && item.Channels % Vector<T>.Count == 0;

    private bool IsWorthATile(ReadOnlySpan<(RegionRun Part, TapTable<T> Table)> tables)
    {
        if (ownChannels || item.Channels < Vector<T>.Count || !ChannelTile<T>.Fits(map.Cells))
        {
            return false;
        }

        long taps = 0;
        foreach (var (_, table) in tables)
        {
            taps += table.Count;
        }

        return taps > map.Cells * (HasWholeCells ? TapsOfCopy : TapsOfCell);
    }

    private void GatherCells(
        T* cells, nint stride, int width, ReadOnlySpan<(RegionRun Part, TapTable<T> Table)> tables, int[] regions, T* output)
    {
        var buffer = ArrayPool<T>.Shared.Rent(bins * width);
        fixed (T* pooled = buffer)
        {
            foreach (var (part, table) in tables)
            {
                fixed (Tap<T>* taps = table.Taps)
                {
                    for (var i = 0; i < part.Count; i++)
                    {
                        WeightedBins.Gather(cells, stride, width, taps, Starts(table, i), pooled);
                        Transposition.Copy(pooled, width, Result(output, regions[part.First + i]), bins, bins, item.Channels);
                    }
                }
            }
        }

        ArrayPool<T>.Shared.Return(buffer);
    }

    private void ScatterCells(
        T* cells, nint stride, int width, ReadOnlySpan<(RegionRun Part, TapTable<T> Table)> tables, int[] regions, T* upstream)
    {
        var buffer = ArrayPool<T>.Shared.Rent(bins * width);
        buffer.AsSpan(0, bins * width).Clear();
        fixed (T* pooled = buffer)
        {
            foreach (var (part, table) in tables)
            {
                fixed (Tap<T>* taps = table.Taps)
                {
                    for (var i = 0; i < part.Count; i++)
                    {
                        Transposition.Copy(Result(upstream, regions[part.First + i]), bins, pooled, width, item.Channels, bins);
                        WeightedBins.Scatter(cells, stride, width, taps, Starts(table, i), pooled);
                    }
                }
            }
        }

        ArrayPool<T>.Shared.Return(buffer);
    }

    private void GatherPlanes(ReadOnlySpan<(RegionRun Part, TapTable<T> Table)> tables, int[] regions, T* output)
    {
        foreach (var (part, table) in tables)
        {
            fixed (Tap<T>* taps = table.Taps)
            {
                for (var i = 0; i < part.Count; i++)
                {
                    var target = Result(output, regions[part.First + i]);
                    for (var channel = 0; channel < item.Channels; channel++)
                    {
                        WeightedPlanes.Gather(Plane(channel), map.CellStride, PerBin, taps, Starts(table, i), target + (channel * bins));
                    }
                }
            }
        }
    }

    private void ScatterPlanes(ReadOnlySpan<(RegionRun Part, TapTable<T> Table)> tables, int[] regions, T* upstream)
    {
        foreach (var (part, table) in tables)
        {
            fixed (Tap<T>* taps = table.Taps)
            {
                for (var i = 0; i < part.Count; i++)
                {
                    var source = Result(upstream, regions[part.First + i]);
                    for (var channel = 0; channel < item.Channels; channel++)
                    {
                        WeightedPlanes.Scatter(Plane(channel), map.CellStride, PerBin, taps, Starts(table, i), source + (channel * bins));
                    }
                }
            }
        }
    }

    private void Clear()
    {
        var channels = item.Channels * (ownChannels ? bins : 1);
        if (!map.ChannelsLast)
        {
            new Span<T>(_first, checked(channels * map.Cells)).Clear();
            return;
        }

        for (var cell = 0; cell < map.Cells; cell++)
        {
            new Span<T>(_first + (cell * map.CellStride), channels).Clear();
        }
    }

    private T* Plane(int channel) => _first + (channel * (ownChannels ? bins : 1) * map.ChannelStride);

    private T* Result(T* all, int region) => all + ((((nint)region * ChannelsOfResult) + item.FirstChannel) * bins);

    private ReadOnlySpan<int> Starts(TapTable<T> table, int region) => table.Starts.Slice(region * bins, bins + 1);
}
