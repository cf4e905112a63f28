using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>What all backbones have in common.</summary>
public abstract record BackboneOptions
{
    /// <summary>The classes of the head; at least 1 (ResNet, VGG and DenseNet take 0 as well and then have no head), 1000 by default, as ImageNet's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long NumClasses
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(NumClasses), value, "Expected no negative number of classes.");
    }
        = 1000;

    /// <summary>
    /// Makes the normalisation of so many channels, such as <c>channels => new FrozenBatchNorm2d(channels)</c>; null, the default, for the
    /// architecture's own BatchNorm2d.
    /// </summary>
    public Func<long, nn.Module<Tensor, Tensor>>? NormLayer { get; init; }

    /// <summary>
    /// Whether a convolution and a normalisation behind it whose statistics are fixed run as one convolution, where that is less work: a pass over
    /// the features less, and their memory where gradients are wanted. That is each <see cref="FrozenBatchNorm2d"/>, and each BatchNorm2d in evaluation mode.
    /// Hooks on these two layers then hear nothing. False by default; the detection models set it.
    /// </summary>
    public bool FoldNorms { get; init; }

    /// <summary>
    /// Where the weights are made; null, the default, for the CPU. On <c>torch.META</c> they have a shape and no values, so that names and
    /// shapes can be looked at for nothing.
    /// </summary>
    public Device? Device { get; init; }

    /// <summary>Draws the first weights, the same on every device; a generator of the CPU. Null, the default, for libtorch's own.</summary>
    public Generator? Generator { get; init; }
}
