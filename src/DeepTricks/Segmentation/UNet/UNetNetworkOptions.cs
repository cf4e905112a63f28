using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>What the networks of the U-Net family have in common. The defaults are those of ZJUGiveLab/UNet-Version.</summary>
public abstract record UNetNetworkOptions
{
    private const int LeastLevels = 2, MostLevels = 10;

    /// <summary>The channels of the images; 3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long InputChannels { get; init => field = Positive(value, nameof(InputChannels)); } = 3;

    /// <summary>The channels of the maps; 1 by default, a foreground.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long NumClasses { get; init => field = Positive(value, nameof(NumClasses)); } = 1;

    /// <summary>
    /// The channels of each level of the encoder, from the images' size downwards, each level of half the size of the one before;
    /// 64, 128, 256, 512 and 1024 by default. 2 to 10 levels.
    /// </summary>
    /// <exception cref="ArgumentException">There are not so many levels, or one has no channels.</exception>
    public IReadOnlyList<long> Filters
    {
        get;
        init => field = value is { Count: >= LeastLevels and <= MostLevels } && value.All(channels => channels > 0)
            ? [.. value]
            : throw new ArgumentException($"Expected {LeastLevels} to {MostLevels} levels of at least 1 channel.", nameof(Filters));
    }
        = [64, 128, 256, 512, 1024];

    /// <summary>
    /// Whether the encoder's convolutions are normalised; true by default. The decoders are as in the original with either: those of
    /// <see cref="UNet"/> and <see cref="UNetPlusPlus"/> have no normalisation, that of <see cref="UNetThreePlus"/> always has.
    /// </summary>
    public bool BatchNorm { get; init; } = true;

    /// <summary>
    /// Whether the network returns sigmoid probabilities, as the original does, instead of the logits that losses want; false by default.
    /// </summary>
    public bool Probabilities { get; init; }

    /// <summary>Where the weights are made; null, the default, for the CPU. On <c>torch.META</c> they have a shape and no values.</summary>
    public Device? Device { get; init; }

    /// <summary>Draws the first weights, the same on every device; a generator of the CPU. Null, the default, for libtorch's own.</summary>
    public Generator? Generator { get; init; }

    private static long Positive(long value, string name) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least 1 channel.");
}
