using System.Buffers;
using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>The taps of every bin of some regions, one after the other.</summary>
internal sealed class TapTable<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _starts;
    private Tap<T>[] _taps = ArrayPool<Tap<T>>.Shared.Rent(1 << 14);
    private int _count;
    private int _bin;

    /// <summary>Room for so many bins.</summary>
    public TapTable(int bins) => _starts = ArrayPool<int>.Shared.Rent(bins + 1);

    /// <summary>How many taps there are.</summary>
    public int Count => _count;

    /// <summary>All taps.</summary>
    public ReadOnlySpan<Tap<T>> Taps => _taps.AsSpan(0, _count);

    /// <summary>Where each bin's taps start, and last where they end.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, _bin + 1);

    /// <summary>Adds the product of two axes: every bin of a region.</summary>
    public void Add(AxisTaps<T> rows, AxisTaps<T> columns, (int Rows, int Columns) bins, int width)
    {
        for (var i = 0; i < bins.Rows; i++)
        {
            var down = rows[i];
            for (var j = 0; j < bins.Columns; j++)
            {
                var along = columns[j];
                var taps = Room(down.Length * along.Length);
                foreach (ref readonly var row in down)
                {
                    var first = row.Cell * width;
                    for (var k = 0; k < along.Length; k++)
                    {
                        taps[k] = new(first + along[k].Cell, row.Weight * along[k].Weight);
                    }

                    taps = taps[along.Length..];
                }

                EndBin();
            }
        }
    }

    /// <summary>So many new taps, to be filled.</summary>
    public Span<Tap<T>> Room(int count)
    {
        if (_count + count > _taps.Length)
        {
            var larger = ArrayPool<Tap<T>>.Shared.Rent(Math.Max(2 * _taps.Length, _count + count));
            Taps.CopyTo(larger);
            ArrayPool<Tap<T>>.Shared.Return(_taps);
            _taps = larger;
        }

        _count += count;
        return _taps.AsSpan(_count - count, count);
    }

    /// <summary>What comes belongs to the next bin.</summary>
    public void EndBin()
    {
        _starts[0] = 0;
        _starts[++_bin] = _count;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_starts);
        ArrayPool<Tap<T>>.Shared.Return(_taps);
    }
}
