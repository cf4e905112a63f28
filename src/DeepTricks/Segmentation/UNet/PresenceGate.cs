using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// Gates segmentation maps by what a classification of the image says ("is there an organ at all?"), so that an empty image gives an empty map:
/// the classification-guided module of UNet 3+ (Huang et al. 2020).
/// </summary>
public static class PresenceGate
{
    private const int MapDimensions = 4;

    /// <summary>
    /// The soft gate: the logits whose sigmoid is σ(map) · σ(presence), computed without leaving the logarithmic domain. Differentiable in
    /// both; where presence is less likely than not, every pixel is below 0.5.
    /// </summary>
    /// <param name="logits">Maps, [N, classes, H, W].</param>
    /// <param name="presence">Logits of presence, [N, 1].</param>
    /// <returns>Logits, shaped as the maps.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Soft(Tensor logits, Tensor presence)
    {
        Check(logits, presence);
        using var scope = NewDisposeScope();
        // 1 / σ(a)σ(b) − 1 = e^−a + e^−b + e^−(a + b).
        var (without, absent) = (-logits, -presence.unsqueeze(-1).unsqueeze(-1));
        return logaddexp(logaddexp(without, absent), without + absent).neg().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The hard gate of the original: the logits are kept where presence is more likely than not, and are 0 where it is not. No gradient goes to
    /// presence. A closed gate means probability 0.5 for every pixel, so that a threshold has to be above 0.5.
    /// </summary>
    /// <inheritdoc cref="Soft"/>
    public static Tensor Hard(Tensor logits, Tensor presence)
    {
        Check(logits, presence);
        using var scope = NewDisposeScope();
        return (logits * (presence > 0).to(logits.dtype).unsqueeze(-1).unsqueeze(-1)).MoveToOuterDisposeScope();
    }

    private static void Check(Tensor logits, Tensor presence)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(presence);
        if (logits.dim() != MapDimensions)
            throw new ArgumentException($"Expected maps [N, classes, H, W], and {logits.ShapeText()} came.", nameof(logits));
        if (presence.dim() != 2 || presence.size(0) != logits.size(0) || presence.size(1) != 1)
            throw new ArgumentException($"Expected one logit an image, [{logits.size(0)}, 1], and {presence.ShapeText()} came.", nameof(presence));
    }
}
