using System.Numerics;
using DeepTricks.Kernels;

namespace DeepTricks.Detection;

/// <summary>Which cells the bins of a region take.</summary>
/// <param name="Taps">Makes what says so.</param>
/// <param name="Bins">Rows and columns of bins.</param>
/// <param name="OwnChannels">Whether each bin has channels of its own.</param>
internal sealed record RegionKind<T>(Func<RegionTaps<T>> Taps, (int Rows, int Columns) Bins, bool OwnChannels = false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
