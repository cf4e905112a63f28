using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepTricks.Kernels;

/// <summary>Sums of cells by their weights, for the bins of one region and one block of channels; and back.</summary>
internal static unsafe class WeightedBins
{
    /// <summary>Vectors of a cell taken at once: as many sums as fit into registers beside what is added.</summary>
    public const int MostVectors = 8;

    /// <summary>bins[b] = Σ weight · tile[cell] over the taps of each bin.</summary>
    /// <param name="tile">The first cell.</param>
    /// <param name="stride">From one cell to the next.</param>
    /// <param name="width">Channels to take, whole vectors of them.</param>
    /// <param name="taps">Those of all bins.</param>
    /// <param name="starts">Where each bin's taps start, and where the last one's end.</param>
    /// <param name="bins">The sums, one bin of so many channels after the other.</param>
    public static void Gather<T>(T* tile, nint stride, int width, Tap<T>* taps, ReadOnlySpan<int> starts, T* bins)
        where T : unmanaged
    {
        var lanes = Vector<T>.Count;
        var done = 0;
        for (; done + (8 * lanes) <= width; done += 8 * lanes)
        {
            Gather8(tile + done, stride, width, taps, starts, bins + done);
        }

        for (; done + (4 * lanes) <= width; done += 4 * lanes)
        {
            Gather4(tile + done, stride, width, taps, starts, bins + done);
        }

        for (; done < width; done += lanes)
        {
            Gather1(tile + done, stride, width, taps, starts, bins + done);
        }
    }

    /// <summary>tile[cell] += weight · bins[b] over the taps of each bin.</summary>
    public static void Scatter<T>(T* tile, nint stride, int width, Tap<T>* taps, ReadOnlySpan<int> starts, T* bins)
        where T : unmanaged
    {
        var lanes = Vector<T>.Count;
        var done = 0;
        for (; done + (8 * lanes) <= width; done += 8 * lanes)
        {
            Scatter8(tile + done, stride, width, taps, starts, bins + done);
        }

        for (; done < width; done += lanes)
        {
            Scatter1(tile + done, stride, width, taps, starts, bins + done);
        }
    }

    private static void Gather8<T>(T* tile, nint stride, int width, Tap<T>* taps, ReadOnlySpan<int> starts, T* bins)
        where T : unmanaged
    {
        var lanes = Vector<T>.Count;
        for (var bin = 0; bin + 1 < starts.Length; bin++, bins += width)
        {
            Vector<T> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
            var last = taps + starts[bin + 1];
            for (var tap = taps + starts[bin]; tap < last; tap++)
            {
                var weight = new Vector<T>(tap->Weight);
                var cell = tile + (tap->Cell * stride);
                a = Lanes.MultiplyAdd(Vector.Load(cell), weight, a);
                b = Lanes.MultiplyAdd(Vector.Load(cell + lanes), weight, b);
                c = Lanes.MultiplyAdd(Vector.Load(cell + (2 * lanes)), weight, c);
                d = Lanes.MultiplyAdd(Vector.Load(cell + (3 * lanes)), weight, d);
                e = Lanes.MultiplyAdd(Vector.Load(cell + (4 * lanes)), weight, e);
                f = Lanes.MultiplyAdd(Vector.Load(cell + (5 * lanes)), weight, f);
                g = Lanes.MultiplyAdd(Vector.Load(cell + (6 * lanes)), weight, g);
                h = Lanes.MultiplyAdd(Vector.Load(cell + (7 * lanes)), weight, h);
            }

            a.Store(bins);
            b.Store(bins + lanes);
            c.Store(bins + (2 * lanes));
            d.Store(bins + (3 * lanes));
            e.Store(bins + (4 * lanes));
            f.Store(bins + (5 * lanes));
            g.Store(bins + (6 * lanes));
            h.Store(bins + (7 * lanes));
        }
    }

    private static void Gather4<T>(T* tile, nint stride, int width, Tap<T>* taps, ReadOnlySpan<int> starts, T* bins)
        where T : unmanaged
    {
        var lanes = Vector<T>.Count;
        for (var bin = 0; bin + 1 < starts.Length; bin++, bins += width)
        {
            Vector<T> a = default, b = default, c = default, d = default;
            var last = taps + starts[bin + 1];
            for (var tap = taps + starts[bin]; tap < last; tap++)
            {
                var weight = new Vector<T>(tap->Weight);
                var cell = tile + (tap->Cell * stride);
                a = Lanes.MultiplyAdd(Vector.Load(cell), weight, a);
                b = Lanes.MultiplyAdd(Vector.Load(cell + lanes), weight, b);
                c = Lanes.MultiplyAdd(Vector.Load(cell + (2 * lanes)), weight, c);
                d = Lanes.MultiplyAdd(Vector.Load(cell + (3 * lanes)), weight, d);
            }

            a.Store(bins);
            b.Store(bins + lanes);
            c.Store(bins + (2 * lanes));
            d.Store(bins + (3 * lanes));
        }
    }

    private static void Gather1<T>(T* tile, nint stride, int width, Tap<T>* taps, ReadOnlySpan<int> starts, T* bins)
        where T : unmanaged
    {
        for (var bin = 0; bin + 1 < starts.Length; bin++, bins += width)
        {
            var sum = Vector<T>.Zero;
            var last = taps + starts[bin + 1];
            for (var tap = taps + starts[bin]; tap < last; tap++)
            {
                sum = Lanes.MultiplyAdd(Vector.Load(tile + (tap->Cell * stride)), new Vector<T>(tap->Weight), sum);
            }

            sum.Store(bins);
        }
    }

    private static void Scatter8<T>(T* tile, nint stride, int width, Tap<T>* taps, ReadOnlySpan<int> starts, T* bins)
        where T : unmanaged
    {
        var lanes = Vector<T>.Count;
        for (var bin = 0; bin + 1 < starts.Length; bin++, bins += width)
        {
            var (a, b, c, d) = (Vector.Load(bins), Vector.Load(bins + lanes), Vector.Load(bins + (2 * lanes)), Vector.Load(bins + (3 * lanes)));
            var (e, f, g, h) = (Vector.Load(bins + (4 * lanes)), Vector.Load(bins + (5 * lanes)), Vector.Load(bins + (6 * lanes)), Vector.Load(bins + (7 * lanes)));
            var last = taps + starts[bin + 1];
            for (var tap = taps + starts[bin]; tap < last; tap++)
            {
                var weight = new Vector<T>(tap->Weight);
                var cell = tile + (tap->Cell * stride);
                Add(cell, a, weight);
                Add(cell + lanes, b, weight);
                Add(cell + (2 * lanes), c, weight);
                Add(cell + (3 * lanes), d, weight);
                Add(cell + (4 * lanes), e, weight);
                Add(cell + (5 * lanes), f, weight);
                Add(cell + (6 * lanes), g, weight);
                Add(cell + (7 * lanes), h, weight);
            }
        }
    }

    private static void Scatter1<T>(T* tile, nint stride, int width, Tap<T>* taps, ReadOnlySpan<int> starts, T* bins)
        where T : unmanaged
    {
        for (var bin = 0; bin + 1 < starts.Length; bin++, bins += width)
        {
            var gradient = Vector.Load(bins);
            var last = taps + starts[bin + 1];
            for (var tap = taps + starts[bin]; tap < last; tap++)
            {
                Add(tile + (tap->Cell * stride), gradient, new Vector<T>(tap->Weight));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T* cell, Vector<T> gradient, Vector<T> weight)
        where T : unmanaged => Lanes.MultiplyAdd(gradient, weight, Vector.Load(cell)).Store(cell);
}
