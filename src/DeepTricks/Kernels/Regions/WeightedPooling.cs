using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>
/// Pools regions of maps on the CPU by weighted sums of cells: the weights of a region are computed once for all channels, the channels
/// of a cell are added side by side, and each thread owns channels, so that gradients need no lock and do not depend on the number of threads.
/// </summary>
/// <param name="regions">Rows of numbers, the first of them the image.</param>
/// <param name="columns">Numbers in a row.</param>
/// <param name="levels">The map of each region; empty where there is one.</param>
/// <param name="scales">From a region's coordinates to those of each map.</param>
/// <param name="taps">Makes what says which cells a bin takes.</param>
/// <param name="bins">Of a region.</param>
/// <param name="ownChannels">Whether each bin has channels of its own: channel c of the result comes from channel c · bins + bin.</param>
internal sealed unsafe class WeightedPooling<T>(
    T[] regions, int columns, int[] levels, T[] scales, Func<RegionTaps<T>> taps, (int Rows, int Columns) bins, bool ownChannels)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int RegionsOfTable = 32;

    /// <summary>How many regions' taps are kept at once: those of adaptive grids over large maps are many.</summary>
    private const int RegionsOfWave = 1_024;

    private readonly RegionOrder _order = RegionOrder.Of<T>(regions, columns, levels);

    private int Bins => bins.Rows * bins.Columns;

    /// <summary>Writes [K, C, rows, columns] from maps at addresses.</summary>
    public void Forward(MapLayout[] maps, nint[] addresses, T* output)
    {
        foreach (var wave in Waves())
        {
            using var tables = new TapTables<T>(this, wave, maps);
            RowParallel.Each(tables.Items.Length, tables.WorkOfItem, i =>
            {
                var item = tables.Items[i];
                var pooling = new BlockPooling<T>(item, maps[item.Run.Level], (T*)addresses[item.Run.Level], Bins, ownChannels);
                pooling.Gather(tables.Of(item.Run), _order.Regions, output);
            });
        }
    }

    /// <summary>Writes the gradients of maps at addresses, all of them, from [K, C, rows, columns].</summary>
    public void Backward(MapLayout[] maps, long images, nint[] gradients, T* upstream)
    {
        _order.ClearUntouched<T>(maps, images, gradients);
        foreach (var wave in Waves())
        {
            using var tables = new TapTables<T>(this, wave, maps);
            RowParallel.Each(tables.Items.Length, tables.WorkOfItem, i =>
            {
                var item = tables.Items[i];
                var pooling = new BlockPooling<T>(item, maps[item.Run.Level], (T*)gradients[item.Run.Level], Bins, ownChannels);
                pooling.Scatter(tables.Of(item.Run), _order.Regions, upstream, isFirst: IsStart(item.Run));
            });
        }
    }

    /// <summary>The taps of consecutive regions.</summary>
    internal TapTable<T> Table(RegionRun run, MapLayout map)
    {
        var table = new TapTable<T>(run.Count * Bins);
        var builder = taps();
        for (var i = run.First; i < run.Last; i++)
        {
            builder.Add(table, regions.AsSpan(_order.Regions[i] * columns, columns), map, scales[run.Level]);
        }

        return table;
    }

    /// <summary>What threads share out among them: blocks of channels of the images of the wave.</summary>
    internal IEnumerable<PoolingItem> Items(RegionRun[] wave, MapLayout[] maps) =>
        PoolingItem.Share(wave, level => maps[level].Channels / (ownChannels ? Bins : 1), Vector<T>.Count);

    /// <summary>Runs cut so that no table has too many regions.</summary>
    internal static IEnumerable<RegionRun> Cut(RegionRun[] runs) => Cut(runs, RegionsOfTable);

    private static IEnumerable<RegionRun> Cut(RegionRun[] runs, int most)
    {
        foreach (var run in runs)
        {
            for (var first = run.First; first < run.Last; first += most)
            {
                yield return run with { First = first, Last = Math.Min(first + most, run.Last) };
            }
        }
    }

    private IEnumerable<RegionRun[]> Waves()
    {
        var wave = new List<RegionRun>();
        var count = 0;
        foreach (var run in Cut(_order.Runs, RegionsOfWave))
        {
            if (count + run.Count > RegionsOfWave && count > 0)
            {
                yield return [.. wave];
                wave.Clear();
                count = 0;
            }

            wave.Add(run);
            count += run.Count;
        }

        if (count > 0)
        {
            yield return [.. wave];
        }
    }

    private bool IsStart(RegionRun run) => Array.Exists(_order.Runs, whole => whole.First == run.First);
}
