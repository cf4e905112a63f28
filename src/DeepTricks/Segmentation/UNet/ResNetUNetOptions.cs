using DeepTricks.Backbones;

namespace DeepTricks.Segmentation;

/// <summary>How a <see cref="ResNetUNet"/> is built. The defaults are those of segmentation_models.pytorch.</summary>
public sealed record ResNetUNetOptions
{
    private const int BlockCount = 5;

    /// <summary>
    /// The encoder; ResNet-34 by default. Its device and generator are those of the whole network, its classes count for nothing. Dilation is refused.
    /// </summary>
    /// <exception cref="ArgumentException">The value is null, or has a stage with dilation instead of a stride.</exception>
    public ResNetOptions Encoder
    {
        get;
        init => field = value is not null && !value.ReplaceStrideWithDilation.Contains(true)
            ? value
            : throw new ArgumentException("Expected a ResNet whose stages have strides.", nameof(Encoder));
    }
        = ResNetOptions.ResNet34;

    /// <summary>The channels of the decoder's five blocks, the coarsest first; 256, 128, 64, 32 and 16 by default.</summary>
    /// <exception cref="ArgumentException">There are not five, or one is below 1.</exception>
    public IReadOnlyList<long> DecoderChannels
    {
        get;
        init => field = value is { Count: BlockCount } && value.All(channels => channels > 0)
            ? [.. value]
            : throw new ArgumentException($"Expected {BlockCount} numbers of at least 1 channel.", nameof(DecoderChannels));
    }
        = [256, 128, 64, 32, 16];

    /// <summary>The channels of the map; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long NumClasses
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(NumClasses), value, "Expected at least 1 channel.");
    }
        = 1;
}
