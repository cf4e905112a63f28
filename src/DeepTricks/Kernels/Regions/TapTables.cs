using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>The taps of a wave of regions, and the work to be done with them.</summary>
internal sealed class TapTables<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RegionRun[] _parts;
    private readonly TapTable<T>[] _tables;

    /// <summary>Computes them.</summary>
    public TapTables(WeightedPooling<T> pooling, RegionRun[] wave, MapLayout[] maps)
    {
        _parts = [.. WeightedPooling<T>.Cut(wave)];
        _tables = new TapTable<T>[_parts.Length];
        RowParallel.Each(_parts.Length, _parts[0].Count * 1_000L, i => _tables[i] = pooling.Table(_parts[i], maps[_parts[i].Level]));
        Items = [.. pooling.Items(wave, maps)];
        WorkOfItem = _tables.Sum(table => (long)table.Count) * WeightedBins.MostVectors / Items.Length;
    }

    /// <summary>Blocks of channels of images.</summary>
    public PoolingItem[] Items { get; }

    /// <summary>About how many elements one takes.</summary>
    public long WorkOfItem { get; }

    /// <summary>The tables of a run, with the regions that each is of.</summary>
    public ReadOnlySpan<(RegionRun Part, TapTable<T> Table)> Of(RegionRun run)
    {
        var first = Array.FindIndex(_parts, part => part.First == run.First);
        var found = new List<(RegionRun, TapTable<T>)>();
        for (var i = first; i < _parts.Length && _parts[i].First < run.Last; i++)
        {
            found.Add((_parts[i], _tables[i]));
        }

        return found.ToArray();
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        foreach (var table in _tables)
        {
            table.Dispose();
        }
    }
}
