using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>How a <see cref="PartMaskDecoder"/> is built.</summary>
public sealed record PartMaskDecoderOptions
{
    /// <summary>How many masks it predicts, one for each part; 1 by default.</summary>
    public long Parts { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>The channels of its inner layers; 64 by default.</summary>
    public long Width { get; init => field = AtLeast(1, value); } = 64;

    /// <summary>How often it doubles height and width; 2 by default.</summary>
    public long Doublings { get; init => field = AtLeast(0, value); } = 2;

    /// <summary>Draws the first weights; null, the default, for libtorch's own generator.</summary>
    public Generator? Generator { get; init; }

    private static long AtLeast(long least, long value) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"Expected at least {least}.");
}
