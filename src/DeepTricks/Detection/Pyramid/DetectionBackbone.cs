using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>What a detection model looks at images with: a network from images [N, 3, H, W] to feature maps [N, C, h, w], from the finest to the coarsest.</summary>
/// <remarks>
/// <see cref="PyramidBackbone"/> makes one of any network whose layers have names, <see cref="SingleMapBackbone"/> of any that gives one map. Derive from this for
/// anything else; the maps must be in the dispose scope of the caller.
/// </remarks>
public abstract class DetectionBackbone : nn.Module<Tensor, IReadOnlyList<Tensor>>
{
    /// <summary>Makes a backbone.</summary>
    /// <param name="name">The name of the type.</param>
    protected DetectionBackbone(string name) : base(name)
    {
    }

    /// <summary>The channels, the same of all maps.</summary>
    public abstract long Channels { get; }

    /// <summary>For each map the pixels of the image from one cell to the next.</summary>
    public abstract IReadOnlyList<long> Strides { get; }

    /// <summary>From how many of the maps, the finest ones, features of regions are taken; all but for coarser ones that only propose regions.</summary>
    public virtual int PooledMaps => Strides.Count;
}
