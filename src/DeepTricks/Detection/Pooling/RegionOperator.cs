using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>One pooling of regions of some maps on its way through <see cref="RegionFunction"/>.</summary>
/// <param name="maps">[N, C, H, W] of single or double precision on the CPU, of one type and the same N and C.</param>
internal abstract class RegionOperator(IReadOnlyList<Tensor> maps)
{
    /// <summary>How the maps lie in memory, once <see cref="Laid"/> has them.</summary>
    public MapLayout[] Layouts { get; } = [.. maps.Select(LayoutOf)];

    /// <summary>The maps' images.</summary>
    public long Images { get; } = maps[0].shape[0];

    /// <summary>The maps' type.</summary>
    public ScalarType Dtype { get; } = maps[0].dtype;

    /// <summary>Whether the gradient depends on the values of the maps.</summary>
    public abstract bool NeedsMaps { get; }

    /// <summary>Pools, recording the operation where a gradient is wanted.</summary>
    public Tensor Run()
    {
        Tensor[] laid = [.. maps.Select(Laid)];
        return is_grad_enabled() && maps.Any(map => map.requires_grad) ? RegionFunction.apply([.. laid, this]) : Forward(laid);
    }

    /// <summary>The kernel.</summary>
    public abstract Tensor Forward(Tensor[] laid);

    /// <summary>The gradients of the maps, of their layouts; <paramref name="laid"/> is empty where they are not needed.</summary>
    public abstract Tensor[] Backward(Tensor[] laid, Tensor upstream);

    /// <summary>The same in tensor operations, which can be differentiated again.</summary>
    public abstract Tensor InTensors(Tensor[] maps);

    /// <summary>A map whose channels, or whose cells, lie side by side.</summary>
    private static Tensor Laid(Tensor map) => map.is_contiguous() || HasChannelsLast(map) ? map : map.contiguous();

    private static MapLayout LayoutOf(Tensor map) =>
        new((int)map.shape[1], (int)map.shape[2], (int)map.shape[3], !map.is_contiguous() && HasChannelsLast(map));

    private static bool HasChannelsLast(Tensor map)
    {
        using var turned = map.permute(0, 2, 3, 1);
        return turned.is_contiguous();
    }

    /// <summary>An empty map of a layout, and a view of it in the order of its memory.</summary>
    protected (Tensor Map, Tensor Memory) Empty(MapLayout layout)
    {
        if (!layout.ChannelsLast)
        {
            var map = torch.empty([Images, layout.Channels, layout.Height, layout.Width], Dtype);
            return (map, map);
        }

        var memory = torch.empty([Images, layout.Height, layout.Width, layout.Channels], Dtype);
        return (memory.permute(0, 3, 1, 2), memory);
    }

    /// <summary>Where a map's numbers start.</summary>
    protected static nint Address(Tensor laid, MapLayout layout)
    {
        if (!layout.ChannelsLast)
        {
            return TensorMemory.Address(laid);
        }

        using var turned = laid.permute(0, 2, 3, 1);
        return TensorMemory.Address(turned);
    }
}
