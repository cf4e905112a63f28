using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>The order in which regions are pooled: by level, by image, and from the top of the image down, so that neighbours find their cells in the cache.</summary>
internal sealed class RegionOrder
{
    private const int TopBits = 32;
    private const int ImageBits = 24;

    private RegionOrder(int[] regions, RegionRun[] runs) => (Regions, Runs) = (regions, runs);

    /// <summary>The regions' numbers in this order.</summary>
    public int[] Regions { get; }

    /// <summary>What belongs together.</summary>
    public RegionRun[] Runs { get; }

    /// <summary>Orders regions.</summary>
    /// <param name="regions">Rows of numbers: the image, x, y, and what does not matter here.</param>
    /// <param name="columns">Numbers in a row.</param>
    /// <param name="levels">The level of each; null where there is one.</param>
    public static RegionOrder Of<T>(ReadOnlySpan<T> regions, int columns, ReadOnlySpan<int> levels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = regions.Length / columns;
        var (keys, order) = (new ulong[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var region = regions.Slice(i * columns, columns);
            var top = (uint)(int.CreateSaturating(region[2]) ^ int.MinValue);
            var level = levels.IsEmpty ? 0 : levels[i];
            keys[i] = ((ulong)level << (TopBits + ImageBits)) | (ulong.CreateTruncating(region[0]) << TopBits) | top;
            order[i] = i;
        }

        Array.Sort(keys, order);
        var runs = new List<RegionRun>();
        for (int first = 0, i = 1; i <= count; i++)
        {
            if (i == count || keys[i] >> TopBits != keys[first] >> TopBits)
            {
                var place = keys[first] >> TopBits;
                runs.Add(new((int)(place >> ImageBits), (int)(place & ((1 << ImageBits) - 1)), first, i));
                first = i;
            }
        }

        return new(order, [.. runs]);
    }

    /// <summary>Zeros for the images of gradients at addresses that no region is in.</summary>
    public unsafe void ClearUntouched<T>(MapLayout[] maps, long images, nint[] gradients)
        where T : unmanaged
    {
        var touched = Runs.Select(run => (run.Level, run.Image)).ToHashSet();
        for (var level = 0; level < maps.Length; level++)
        {
            for (var image = 0; image < images; image++)
            {
                if (!touched.Contains((level, image)))
                {
                    new Span<T>(maps[level].Channel((T*)gradients[level], image, 0), checked((int)maps[level].ImageSize)).Clear();
                }
            }
        }
    }
}
