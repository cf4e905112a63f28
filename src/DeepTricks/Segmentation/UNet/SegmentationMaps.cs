using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>All that a segmentation network gives for a batch of images: logits, or probabilities where its options say so.</summary>
/// <remarks>The tensors belong to the dispose scope in which they were made; disposing of this disposes of them all.</remarks>
public sealed class SegmentationMaps : IDisposable
{
    internal SegmentationMaps(Tensor main, IReadOnlyList<Tensor>? sides = null, Tensor? presence = null) =>
        (Main, Sides, Presence) = (main, sides ?? [main], presence);

    /// <summary>The result, [N, classes, H, W]: what <c>forward</c> returns.</summary>
    public Tensor Main { get; }

    /// <summary>
    /// What deep supervision puts a loss on: maps of several levels, each [N, classes, H, W] as <see cref="Main"/>. Without deep supervision there is
    /// <see cref="Main"/> alone.
    /// </summary>
    public IReadOnlyList<Tensor> Sides { get; }

    /// <summary>
    /// Whether there is anything on the images at all, [N, 1], for a binary cross-entropy of its own; null without a classification-guided module.
    /// </summary>
    public Tensor? Presence { get; }

    /// <summary>Disposes of all tensors.</summary>
    public void Dispose()
    {
        foreach (var side in Sides) side.Dispose();
        Main.Dispose();
        Presence?.Dispose();
    }

    /// <summary>Moves all tensors out of the dispose scope that they are in.</summary>
    internal SegmentationMaps MoveToOuterDisposeScope()
    {
        Main.MoveToOuterDisposeScope();
        foreach (var side in Sides)
            if (!ReferenceEquals(side, Main)) side.MoveToOuterDisposeScope();
        Presence?.MoveToOuterDisposeScope();
        return this;
    }
}
