using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>How a feature pyramid is built.</summary>
public sealed record FeaturePyramidOptions
{
    /// <summary>The channels of each level; 256 by default (Lin et al. 2017).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long Channels
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Channels), value, "Expected at least 1.");
    }
        = 256;

    /// <summary>
    /// Makes the normalisation behind each convolution, which then has no bias: <c>channels => nn.BatchNorm2d(channels)</c> in torchvision's second versions. Null,
    /// the default, for none, as in the paper.
    /// </summary>
    public Func<long, nn.Module<Tensor, Tensor>>? NormLayer { get; init; }

    /// <summary>Whether there is one more level, every second cell of the coarsest, for the region proposals alone; true by default.</summary>
    public bool ExtraLevel { get; init; } = true;

    /// <summary>Draws the first weights; a generator of the CPU. Null, the default, for libtorch's own.</summary>
    public Generator? Generator { get; init; }
}
