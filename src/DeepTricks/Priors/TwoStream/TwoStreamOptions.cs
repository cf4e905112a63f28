using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>How a <see cref="TwoStreamNetwork"/> is built around its encoders.</summary>
public sealed record TwoStreamOptions
{
    /// <summary>The width of the whole's features; that of a ResNet-18's by default, 512.</summary>
    public long WholeFeatures { get; init => field = Positive(value); } = 512;

    /// <summary>The width of the part's features; that of the whole's by default.</summary>
    public long? PartFeatures { get; init => field = value is { } width ? Positive(width) : null; }

    /// <summary>How the two become one; concatenated by default.</summary>
    public FusionKind Fusion { get; init; }

    /// <summary>The width of the fused features, for the gated form and attention; 256 by default.</summary>
    public long FusedFeatures { get; init => field = Positive(value); } = 256;

    /// <summary>Draws the first weights of fusion and classifier; null, the default, for libtorch's own generator.</summary>
    public Generator? Generator { get; init; }

    private static long Positive(long value) => value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected at least one feature.");
}
