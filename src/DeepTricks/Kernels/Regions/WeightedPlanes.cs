namespace DeepTricks.Kernels;

/// <summary>Sums of cells by their weights, channel by channel, as the map lies: for few regions, few channels, and bins with channels of their own.</summary>
internal static unsafe class WeightedPlanes
{
    /// <summary>bins[b] = Σ weight · plane[cell · stride] over the taps of each bin; each bin's plane lies <paramref name="perBin"/> after the one before.</summary>
    public static void Gather<T>(T* plane, nint stride, nint perBin, Tap<T>* taps, ReadOnlySpan<int> starts, T* bins)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        for (var bin = 0; bin + 1 < starts.Length; bin++, plane += perBin)
        {
            var sum = T.Zero;
            var last = taps + starts[bin + 1];
            for (var tap = taps + starts[bin]; tap < last; tap++)
            {
                sum += tap->Weight * plane[tap->Cell * stride];
            }

            bins[bin] = sum;
        }
    }

    /// <summary>plane[cell · stride] += weight · bins[b] over the taps of each bin.</summary>
    public static void Scatter<T>(T* plane, nint stride, nint perBin, Tap<T>* taps, ReadOnlySpan<int> starts, T* bins)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        for (var bin = 0; bin + 1 < starts.Length; bin++, plane += perBin)
        {
            var gradient = bins[bin];
            var last = taps + starts[bin + 1];
            for (var tap = taps + starts[bin]; tap < last; tap++)
            {
                plane[tap->Cell * stride] += tap->Weight * gradient;
            }
        }
    }
}
