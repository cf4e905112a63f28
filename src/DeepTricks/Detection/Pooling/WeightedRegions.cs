using System.Numerics;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Pooling by weighted sums of cells, as all kinds of RoIAlign that take the mean are.</summary>
internal sealed class WeightedRegions<T> : RegionOperator
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly WeightedPooling<T> _pooling;
    private readonly long[] _shape;
    private readonly Func<Tensor[], Tensor> _inTensors;

    /// <summary>An operator over maps and regions of T.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="regions">[K, columns].</param>
    /// <param name="levels">The map of each region; empty where there is one.</param>
    /// <param name="scales">From a region's coordinates to each map's.</param>
    /// <param name="kind">What a bin takes.</param>
    /// <param name="inTensors">The same in tensor operations; it may be called long after the caller's tensors have gone.</param>
    public WeightedRegions(IReadOnlyList<Tensor> maps, Tensor regions, int[] levels, double[] scales, RegionKind<T> kind, Func<Tensor[], Tensor> inTensors)
        : base(maps)
    {
        var values = TensorMemory.Values<T>(regions);
        var columns = (int)regions.shape[1];
        RegionChecks.Images(values, columns, maps[0].shape[0]);
        _pooling = new(values, columns, levels, [.. scales.Select(T.CreateTruncating)], kind.Taps, kind.Bins, kind.OwnChannels);
        _inTensors = inTensors;
        _shape = [regions.shape[0], maps[0].shape[1] / (kind.OwnChannels ? kind.Bins.Rows * kind.Bins.Columns : 1), kind.Bins.Rows, kind.Bins.Columns];
    }

    /// <inheritdoc/>
    public override bool NeedsMaps => false;

    /// <summary>Pools regions of one map.</summary>
    public static Tensor Run(Tensor map, Tensor regions, double scale, RegionKind<T> kind, Func<Tensor, Tensor, Tensor> inTensors)
    {
        var (values, shape, dtype) = (TensorMemory.Values<T>(regions), regions.shape, regions.dtype);
        return new WeightedRegions<T>([map], regions, [], [scale], kind, maps => inTensors(maps[0], TensorMemory.Of(values, shape, dtype))).Run();
    }

    /// <inheritdoc/>
    public override unsafe Tensor Forward(Tensor[] laid)
    {
        var pooled = torch.empty(_shape, Dtype);
        _pooling.Forward(Layouts, [.. laid.Select((map, i) => Address(map, Layouts[i]))], (T*)TensorMemory.Address(pooled));
        return pooled;
    }

    /// <inheritdoc/>
    public override unsafe Tensor[] Backward(Tensor[] laid, Tensor upstream)
    {
        var gradients = Layouts.Select(Empty).ToArray();
        _pooling.Backward(Layouts, Images, [.. gradients.Select(gradient => TensorMemory.Address(gradient.Memory))], (T*)TensorMemory.Address(upstream));
        return [.. gradients.Select(gradient => gradient.Map)];
    }

    /// <inheritdoc/>
    public override Tensor InTensors(Tensor[] maps) => _inTensors(maps);
}
