using System.Numerics;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>RoIAlign over one map or several: in a kernel on the CPU, in tensor operations elsewhere.</summary>
internal static class AlignedRegions
{
    /// <summary>Pools regions [K, 5], of single or double precision, each from the map of its level.</summary>
    public static Tensor Pool(Tensor[] maps, Tensor regions, long[] levels, double[] scales, RoiAlignOptions options)
    {
        if (regions.is_cpu() && options is { Pooling: RoiPooling.Maximum, SamplingRatio: > 0 })
        {
            return LargestSamples(maps, regions, levels, scales, options);
        }

        if (!regions.is_cpu() || options.Pooling == RoiPooling.Maximum)
        {
            return InTensors(maps, regions, levels, scales, options);
        }

        return maps[0].dtype == ScalarType.Float32 ? Kernel<float>().Run() : Kernel<double>().Run();

        WeightedRegions<T> Kernel<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var bins = (options.OutputHeight, options.OutputWidth);
            var kind = new RegionKind<T>(() => new UprightTaps<T>(bins, options.SamplingRatio, options.Aligned), bins);
            var values = TensorMemory.Values<T>(regions);
            var (shape, dtype) = (regions.shape, regions.dtype);
            return new(maps, regions, Array.ConvertAll(levels, level => (int)level), scales, kind, again => InTensors(again, TensorMemory.Of(values, shape, dtype), levels, scales, options));
        }
    }

    /// <summary>The samples are the bins of a finer grid, of which the largest of so many are taken.</summary>
    private static Tensor LargestSamples(Tensor[] maps, Tensor regions, long[] levels, double[] scales, RoiAlignOptions options)
    {
        var samples = options.SamplingRatio;
        var each = Pool(maps, regions, levels, scales, options with
        {
            OutputHeight = options.OutputHeight * samples,
            OutputWidth = options.OutputWidth * samples,
            SamplingRatio = 1,
            Pooling = RoiPooling.Average,
        });
        return nn.functional.max_pool2d(each, [samples, samples], [samples, samples]);
    }

    /// <summary>The same in tensor operations.</summary>
    public static Tensor InTensors(Tensor[] maps, Tensor regions, long[] levels, double[] scales, RoiAlignOptions options)
    {
        if (maps.Length == 1)
        {
            return SampledPooling.Align(maps[0], regions, options with { SpatialScale = scales[0] });
        }

        var chosen = tensor(levels, device: regions.device);
        var pooled = new List<Tensor>();
        var places = new List<Tensor>();
        for (var level = 0; level < maps.Length; level++)
        {
            var here = chosen.eq(level).nonzero().squeeze(1);
            pooled.Add(SampledPooling.Align(maps[level], regions.index_select(0, here), options with { SpatialScale = scales[level] }));
            places.Add(here);
        }

        return cat([.. pooled]).index_select(0, cat([.. places]).argsort());
    }
}
