using System.Runtime.InteropServices;

namespace DeepTricks.Kernels;

/// <summary>Percentiles of many values without sorting them all: they are counted in equal cells, and the cell in question is sorted.</summary>
internal static class Percentile
{
    private const int Cells = 1024;

    /// <summary>The percentile, linear between neighbours as NumPy's default.</summary>
    /// <param name="values">At least one; finite.</param>
    /// <param name="percent">0 to 100.</param>
    internal static float Of(ReadOnlySpan<float> values, double percent)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values) (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
        if (!(high > low) || !float.IsFinite(high - low)) return low;

        var scale = (Cells - 1) / (high - low);
        Span<int> counts = stackalloc int[Cells];
        counts.Clear();
        foreach (var value in values) counts[(int)((value - low) * scale)]++;

        var place = percent / 100 * (values.Length - 1);
        var below = (int)place;
        var first = Rank(values, counts, below, low, scale, out var next);
        return (float)(first + ((next - first) * (place - below)));
    }

    /// <summary>The value of a rank, and that of the next one.</summary>
    private static float Rank(ReadOnlySpan<float> values, ReadOnlySpan<int> counts, int rank, float low, float scale, out float next)
    {
        var (cell, before) = (0, 0);
        while (before + counts[cell] <= rank) before += counts[cell++];
        var last = cell;
        // The next rank may stand in a later cell.
        if (rank + 1 == before + counts[cell])
            for (last = cell + 1; last < counts.Length - 1 && counts[last] == 0;) last++;
        var among = new List<float>();
        foreach (var value in values)
        {
            var at = (int)((value - low) * scale);
            if (at >= cell && at <= last) among.Add(value);
        }

        CollectionsMarshal.AsSpan(among).Sort();
        next = among[Math.Min(rank - before + 1, among.Count - 1)];
        return among[rank - before];
    }
}
