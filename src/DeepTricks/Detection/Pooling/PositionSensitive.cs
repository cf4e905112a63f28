using System.Numerics;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>What the poolings have in common whose bins have channels of their own.</summary>
internal static class PositionSensitive
{
    public static void Check(Tensor features, Tensor regions, int bins)
    {
        RegionChecks.Features(features);
        RegionChecks.Regions(regions, features, RegionChecks.RegionColumns);
        if (features.shape[1] % bins != 0)
        {
            throw new ArgumentException($"Expected channels for each of {bins} bins; there are {features.shape[1]}.", nameof(features));
        }
    }

    /// <summary>Bilinear samples.</summary>
    public static Tensor Align(Tensor map, Tensor regions, RoiAlignOptions options)
    {
        var bins = (options.OutputHeight, options.OutputWidth);
        return !regions.is_cpu() ? InTensors(map, regions)
            : map.dtype == ScalarType.Float32 ? WeightedRegions<float>.Run(map, regions, options.SpatialScale, Kind<float>(), InTensors)
            : WeightedRegions<double>.Run(map, regions, options.SpatialScale, Kind<double>(), InTensors);

        Tensor InTensors(Tensor again, Tensor boxes) => SampledPooling.AlignPositionSensitive(again, boxes, options);

        RegionKind<T> Kind<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(() => new UprightTaps<T>(bins, options.SamplingRatio, aligned: true), bins, OwnChannels: true);
    }

    /// <summary>Whole cells.</summary>
    public static Tensor Pool(Tensor map, Tensor regions, RoiPoolOptions options)
    {
        return !regions.is_cpu() ? InTensors(map, regions)
            : map.dtype == ScalarType.Float32 ? WeightedRegions<float>.Run(map, regions, options.SpatialScale, Kind<float>(), InTensors)
            : WeightedRegions<double>.Run(map, regions, options.SpatialScale, Kind<double>(), InTensors);

        Tensor InTensors(Tensor again, Tensor boxes) => PoolInTensors(again, boxes, options);

        RegionKind<T> Kind<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(() => new CoveredTaps<T>(options.Bins), options.Bins, OwnChannels: true);
    }

    /// <summary>Whole cells, in tensor operations.</summary>
    public static Tensor PoolInTensors(Tensor map, Tensor regions, RoiPoolOptions options)
    {
        var firstRows = SampledPooling.FirstRows(map, regions, options.OutputHeight * options.OutputWidth).view(-1, options.OutputHeight, options.OutputWidth);
        return CellGrid.Of(regions, options, inclusive: false, map.shape[2] - 1, map.shape[3] - 1).Mean(map, firstRows);
    }
}
