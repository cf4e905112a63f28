using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>
/// The cells that the bins of a region take along one axis, and how much of each. A sampling grid is the product of two of these: a cell
/// that several samples of a bin touch stands here once.
/// </summary>
internal sealed class AxisTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<int> _starts = [];
    private readonly List<Tap<T>> _taps = [];

    /// <summary>The taps of a bin.</summary>
    public ReadOnlySpan<Tap<T>> this[int bin] =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_taps)[_starts[bin].._starts[bin + 1]];

    /// <summary>Bilinear samples at start + bin · size + (i + ½) · size / samples, each weighing one in so many.</summary>
    /// <param name="start">Where the first bin starts.</param>
    /// <param name="size">Of a bin.</param>
    /// <param name="bins">How many.</param>
    /// <param name="samples">In a bin; 0 leaves it empty.</param>
    /// <param name="cells">Of the map along the axis.</param>
    public void Sample(T start, T size, int bins, long samples, int cells)
    {
        Clear();
        var weight = T.One / T.CreateTruncating(Math.Max(samples, 1));
        for (var bin = 0; bin < bins; bin++)
        {
            var from = start + (T.CreateTruncating(bin) * size);
            var (first, last) = WithinReach(from, size, samples, cells);
            for (var i = first; i < last; i++)
            {
                Add(from + (T.CreateTruncating(i + 0.5f) * size / T.CreateTruncating(samples)), weight, cells);
            }

            _starts.Add(_taps.Count);
        }
    }

    /// <summary>Whole cells, each weighing one in as many as the bin has.</summary>
    public void Cover(ReadOnlySpan<(int From, int To)> bins)
    {
        Clear();
        foreach (var (from, to) in bins)
        {
            for (var cell = from; cell < to; cell++)
            {
                _taps.Add(new(cell, T.One / T.CreateTruncating(to - from)));
            }

            _starts.Add(_taps.Count);
        }
    }

    /// <summary>A bin may have far more samples than there are cells to reach; those that cannot are skipped.</summary>
    private static (long First, long Last) WithinReach(T from, T size, long samples, int cells)
    {
        if (samples <= cells)
        {
            return (0, samples);
        }

        var step = double.CreateTruncating(size) / samples;
        var (a, b) = ((-2 - double.CreateTruncating(from)) / step, (cells + 1 - double.CreateTruncating(from)) / step);
        return ((long)Math.Clamp(Math.Min(a, b) - 2, 0, samples), (long)Math.Clamp(Math.Max(a, b) + 2, 0, samples));
    }

    private void Clear()
    {
        _taps.Clear();
        _starts.Clear();
        _starts.Add(0);
    }

    /// <summary>A sample more than one cell outside counts as 0, as one at NaN does; one nearer takes the value at the border.</summary>
    private void Add(T at, T weight, int cells)
    {
        if (!(at >= -T.One && at <= T.CreateTruncating(cells)))
        {
            return;
        }

        at = T.Clamp(at, T.Zero, T.CreateTruncating(cells - 1));
        var low = int.CreateTruncating(at);
        var fraction = at - T.CreateTruncating(low);
        Merge(low, (T.One - fraction) * weight);
        if (fraction > T.Zero)
        {
            Merge(low + 1, fraction * weight);
        }
    }

    private void Merge(int cell, T weight)
    {
        var taps = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_taps);
        for (var i = taps.Length - 1; i >= _starts[^1]; i--)
        {
            if (taps[i].Cell == cell)
            {
                taps[i] = new(cell, taps[i].Weight + weight);
                return;
            }
        }

        _taps.Add(new(cell, weight));
    }
}
