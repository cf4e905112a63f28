using System.Numerics;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// RoIPool: the largest cell of each bin of a region, whose corners are rounded to whole cells (Girshick, "Fast R-CNN", 2015), as
/// torchvision's <c>roi_pool</c> does. The end cell belongs to the region, bins may overlap, and an empty one is 0.
/// </summary>
/// <remarks>The gradient goes to the first of a bin's cells that is the largest; the boxes get none.</remarks>
/// <param name="options">Bins and scale.</param>
public sealed class RoiPool(RoiPoolOptions options) : nn.Module<Tensor, Tensor, Tensor>(nameof(RoiPool))
{
    private readonly RoiPoolOptions _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Pools regions.</summary>
    /// <param name="features">[N, C, H, W], of a floating type.</param>
    /// <param name="regions">[K, 5] of (image, x1, y1, x2, y2), of the features' type and device.</param>
    /// <returns>[K, C, rows, columns].</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a region is of no image.</exception>
    public override Tensor forward(Tensor features, Tensor regions) => Compute(features, regions, _options);

    /// <summary>Pools regions.</summary>
    /// <param name="features">[N, C, H, W], of a floating type.</param>
    /// <param name="regions">[K, 5] of (image, x1, y1, x2, y2), of the features' type (or float32 beside half precision) and device.</param>
    /// <param name="options">Bins and scale.</param>
    /// <returns>[K, C, rows, columns].</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a region is of no image.</exception>
    public static Tensor Compute(Tensor features, Tensor regions, RoiPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RegionChecks.Features(features);
        RegionChecks.Regions(regions, features, RegionChecks.RegionColumns);
        using var scope = NewDisposeScope();
        return RegionPrecision.Run([features], regions, (maps, boxes) => !boxes.is_cpu() || !MaximumPooling<double>.Fits(maps[0].shape[2] * maps[0].shape[3]) ? InTensors(maps[0], boxes, options)
            : maps[0].dtype == ScalarType.Float32 ? new LargestCells<float>(maps[0], boxes, options).Run()
            : new LargestCells<double>(maps[0], boxes, options).Run()).MoveToOuterDisposeScope();
    }

    /// <summary>The same in tensor operations.</summary>
    internal static Tensor InTensors(Tensor map, Tensor regions, RoiPoolOptions options) =>
        CellGrid.Of(regions, options, inclusive: true, map.shape[2], map.shape[3]).Maximum(map, SampledPooling.FirstRows(map, regions, 1));

    private sealed class LargestCells<T> : RegionOperator
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly RoiPoolOptions _options;
        private readonly T[] _regions;
        private readonly MaximumPooling<T> _pooling;

        public LargestCells(Tensor map, Tensor regions, RoiPoolOptions options)
            : base([map])
        {
            (_options, _regions) = (options, TensorMemory.Values<T>(regions));
            RegionChecks.Images<T>(_regions, RegionChecks.RegionColumns, map.shape[0]);
            _pooling = new(_regions, T.CreateTruncating(options.SpatialScale), options.Bins);
        }

        public override bool NeedsMaps => true;

        private long Count => _regions.Length / RegionChecks.RegionColumns;

        public override unsafe Tensor Forward(Tensor[] laid)
        {
            var pooled = torch.empty([Count, Layouts[0].Channels, _options.OutputHeight, _options.OutputWidth], Dtype);
            _pooling.Forward(Layouts[0], Address(laid[0], Layouts[0]), (T*)TensorMemory.Address(pooled));
            return pooled;
        }

        public override unsafe Tensor[] Backward(Tensor[] laid, Tensor upstream)
        {
            var (gradient, memory) = Empty(Layouts[0]);
            _pooling.Backward(Layouts[0], Images, Address(laid[0], Layouts[0]), TensorMemory.Address(memory), (T*)TensorMemory.Address(upstream));
            return [gradient];
        }

        public override Tensor InTensors(Tensor[] maps) =>
            RoiPool.InTensors(maps[0], TensorMemory.Of(_regions, [Count, RegionChecks.RegionColumns], Dtype), _options);
    }
}
