using System.Numerics;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// RoIAlign of boxes that are turned about their centres (Ma et al., "Arbitrary-Oriented Scene Text Detection via Rotation Proposals", 2018), with
/// the samples that detectron2's <c>ROIAlignRotated</c> takes: half a cell is always subtracted from the centre.
/// </summary>
/// <param name="options">Bins, scale and samples; regions are always aligned, and samples averaged.</param>
public sealed class RotatedRoiAlign(RoiAlignOptions options) : nn.Module<Tensor, Tensor, Tensor>(nameof(RotatedRoiAlign))
{
    private const int FirstOfSize = 3;

    private readonly RoiAlignOptions _options = RegionChecks.Averaged(options);

    /// <summary>Pools regions.</summary>
    /// <param name="features">[N, C, H, W], of a floating type.</param>
    /// <param name="regions">[K, 6] of (image, centre x, centre y, width, height, degrees counterclockwise), of the features' type and device.</param>
    /// <returns>[K, C, rows, columns].</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, a region is of no image, or its size is negative.</exception>
    public override Tensor forward(Tensor features, Tensor regions) => Compute(features, regions, _options);

    /// <summary>Pools regions.</summary>
    /// <param name="features">[N, C, H, W], of a floating type.</param>
    /// <param name="regions">
    /// [K, 6] of (image, centre x, centre y, width, height, degrees counterclockwise), of the features' type (or float32 beside half precision) and device.
    /// </param>
    /// <param name="options">Bins, scale and samples; regions are always aligned, and samples averaged.</param>
    /// <returns>[K, C, rows, columns].</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, a region is of no image, or its size is negative.</exception>
    public static Tensor Compute(Tensor features, Tensor regions, RoiAlignOptions options)
    {
        RegionChecks.Averaged(options);
        RegionChecks.Features(features);
        RegionChecks.Regions(regions, features, RegionChecks.RotatedColumns);
        using var scope = NewDisposeScope();
        if (regions.is_cpu() && regions.narrow(1, FirstOfSize, 2).lt(0).any().item<bool>())
        {
            throw new ArgumentException("Expected widths and heights of at least 0; one is negative.", nameof(regions));
        }

        return RegionPrecision.Run([features], regions, (maps, boxes) => Pool(maps[0], boxes, options)).MoveToOuterDisposeScope();
    }

    private static Tensor Pool(Tensor map, Tensor regions, RoiAlignOptions options)
    {
        var bins = (options.OutputHeight, options.OutputWidth);
        return !regions.is_cpu() ? InTensors(map, regions)
            : map.dtype == ScalarType.Float32 ? WeightedRegions<float>.Run(map, regions, options.SpatialScale, Kind<float>(), InTensors)
            : WeightedRegions<double>.Run(map, regions, options.SpatialScale, Kind<double>(), InTensors);

        Tensor InTensors(Tensor again, Tensor boxes) => SampledPooling.AlignRotated(again, boxes, options);

        RegionKind<T> Kind<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(() => new RotatedTaps<T>(bins, options.SamplingRatio), bins);
    }
}
