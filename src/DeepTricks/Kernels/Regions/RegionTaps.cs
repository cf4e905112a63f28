using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>Says what the bins of a region take of the cells of a map. One thread uses one.</summary>
internal abstract class RegionTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Adds the taps of a region's bins, row by row.</summary>
    /// <param name="table">Where to.</param>
    /// <param name="region">The numbers of the region; the first is that of the image.</param>
    /// <param name="map">The map it is read from.</param>
    /// <param name="scale">From the region's coordinates to the map's.</param>
    public abstract void Add(TapTable<T> table, ReadOnlySpan<T> region, MapLayout map, T scale);

    /// <summary>Samples in a bin along a side; none where the size is no number or negative.</summary>
    protected static long Samples(int asked, T size)
    {
        if (asked > 0)
        {
            return asked;
        }

        var needed = double.Ceiling(double.CreateTruncating(size));
        return needed > 0 ? (long)Math.Min(needed, long.MaxValue / 4) : 0;
    }

    protected static bool AreFinite(ReadOnlySpan<T> numbers)
    {
        foreach (var number in numbers)
        {
            if (!T.IsFinite(number))
            {
                return false;
            }
        }

        return true;
    }
}
