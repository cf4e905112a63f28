using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// What was found in an image, the surest first. The tensors belong to the dispose scope in which the model was called; where there is none,
/// to whoever holds this, and disposing of this disposes of them.
/// </summary>
/// <param name="Boxes">[N, 4], x1, y1, x2, y2 in pixels of the image as it was given.</param>
/// <param name="Labels">[N], int64, from 1 on.</param>
/// <param name="Scores">[N], the probabilities of the labels, descending.</param>
/// <param name="Masks">
/// [N, 1, H, W] of the image's size: for each pixel the probability that the object is there, 0 outside of the box. Null where the model has no masks.
/// </param>
public sealed record Detections(Tensor Boxes, Tensor Labels, Tensor Scores, Tensor? Masks = null) : IDisposable
{
    /// <summary>How many objects were found.</summary>
    public long Count => Boxes.size(0);

    /// <summary>Disposes of the tensors.</summary>
    public void Dispose()
    {
        Boxes.Dispose();
        Labels.Dispose();
        Scores.Dispose();
        Masks?.Dispose();
    }

    internal Detections MoveToOuterDisposeScope()
    {
        Boxes.MoveToOuterDisposeScope();
        Labels.MoveToOuterDisposeScope();
        Scores.MoveToOuterDisposeScope();
        Masks?.MoveToOuterDisposeScope();
        return this;
    }
}
