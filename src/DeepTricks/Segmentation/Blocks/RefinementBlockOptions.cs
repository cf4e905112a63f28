using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>What the blocks of RefineNet have in common.</summary>
public abstract record RefinementBlockOptions
{
    /// <summary>
    /// The side of the convolutions, odd: 3 by default, as in RefineNet; 1 in Light-Weight RefineNet, which has found that the large context comes from
    /// the pooling alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is even or below 1.</exception>
    public int KernelSize { get; init => field = CheckOdd(value, nameof(KernelSize)); } = 3;

    /// <summary>Where the weights are made; null, the default, for the CPU.</summary>
    public Device? Device { get; init; }

    /// <summary>Draws the first weights, the same on every device; a generator of the CPU. Null, the default, for libtorch's own.</summary>
    public Generator? Generator { get; init; }

    private protected static int CheckOdd(int value, string name) =>
        value > 0 && int.IsOddInteger(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected an odd side of at least 1.");

    private protected static int CheckCount(int value, string name) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least 1.");
}
