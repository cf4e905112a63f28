using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>A picture and the objects that are marked in it.</summary>
/// <param name="Id">A number of its own in the data set.</param>
/// <param name="FileName">The name of the picture's file, without a folder.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Objects">The objects, in the file's order.</param>
public sealed record AnnotatedImage(long Id, string FileName, int Height, int Width, IReadOnlyList<ObjectAnnotation> Objects)
{
    /// <summary>x1, y1, x2, y2 of the objects, [N, 4] float32, as detectors are trained on; the caller disposes of it.</summary>
    public Tensor Boxes() =>
        tensor(Objects.SelectMany(one => (float[])[(float)one.Box.X, (float)one.Box.Y, (float)one.Box.Right, (float)one.Box.Bottom]).ToArray(), [Objects.Count, 4]);

    /// <summary>The labels of the objects, [N] int64; the caller disposes of it.</summary>
    public Tensor Labels() => tensor(Objects.Select(one => one.Label).ToArray(), [Objects.Count]);

    /// <summary>The masks of the objects, [N, H, W] Byte; the caller disposes of it.</summary>
    /// <exception cref="InvalidOperationException">An object has no mask.</exception>
    public Tensor Masks()
    {
        if (Objects.Any(one => one.Mask is null))
            throw new InvalidOperationException($"{FileName} has objects without a mask.");
        using var scope = NewDisposeScope();
        return Objects.Count == 0
            ? zeros([0, Height, Width], ScalarType.Byte).MoveToOuterDisposeScope()
            : stack(Objects.Select(one => one.Mask!.Decode())).to(ScalarType.Byte).MoveToOuterDisposeScope();
    }
}
