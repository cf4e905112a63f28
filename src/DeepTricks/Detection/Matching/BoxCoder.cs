using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Boxes as what moves other boxes onto them: the shift of the centre in widths and heights of the other box, and the logarithms of the factors of width
/// and height, each times a weight (Girshick et al. 2014).
/// </summary>
public sealed record BoxCoder
{
    private const int Coordinates = 4, Corners = 2;

    /// <summary>log(1000 / 16), torchvision's limit: an anchor of 16 pixels grows to 1000 at most.</summary>
    public const double DefaultLimit = 4.135166556742356;

    /// <summary>The weight of the shifts; 1 by default, 10 in torchvision's box heads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or not finite.</exception>
    public double ShiftWeight { get; init => field = Positive(value, nameof(ShiftWeight)); } = 1;

    /// <summary>The weight of the logarithms; 1 by default, 5 in torchvision's box heads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or not finite.</exception>
    public double ScaleWeight { get; init => field = Positive(value, nameof(ScaleWeight)); } = 1;

    /// <summary>What the logarithms are clamped to in decoding; log(1000 / 16) by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or not finite.</exception>
    public double Limit { get; init => field = Positive(value, nameof(Limit)); } = DefaultLimit;

    /// <summary>What moves boxes onto others.</summary>
    /// <param name="targets">[N, 4], x1, y1, x2, y2: where they are to be.</param>
    /// <param name="boxes">[N, 4], where they are, of positive width and height.</param>
    /// <returns>[N, 4]: shifts in x and y, logarithms of width and height.</returns>
    /// <exception cref="ArgumentException">A shape is another.</exception>
    public Tensor Encode(Tensor targets, Tensor boxes)
    {
        CheckBoxes(boxes, nameof(boxes));
        CheckBoxes(targets, nameof(targets));
        if (targets.size(0) != boxes.size(0)) throw new ArgumentException($"Expected a target for each of {boxes.size(0)} boxes, and {targets.size(0)} came.", nameof(targets));
        using var scope = NewDisposeScope();
        var (centre, size) = Split(boxes);
        var (target, targetSize) = Split(targets);
        return cat([ShiftWeight * (target - centre) / size, ScaleWeight * log(targetSize / size)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Moves boxes.</summary>
    /// <param name="codes">[N, 4 K]: K moves of each box, as <see cref="Encode"/> gives them.</param>
    /// <param name="boxes">[N, 4], x1, y1, x2, y2.</param>
    /// <returns>[N, K, 4]. Gradients flow through.</returns>
    /// <exception cref="ArgumentException">A shape is another.</exception>
    public Tensor Decode(Tensor codes, Tensor boxes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        CheckBoxes(boxes, nameof(boxes));
        if (codes.dim() != 2 || codes.size(0) != boxes.size(0) || codes.size(1) % Coordinates != 0)
            throw new ArgumentException($"Expected codes [{boxes.size(0)}, 4 K], and {codes.ShapeText()} came.", nameof(codes));
        using var scope = NewDisposeScope();
        var (centre, size) = Split(boxes);
        (centre, size) = (centre.unsqueeze(1), size.unsqueeze(1));
        var moves = codes.view(codes.size(0), codes.size(1) / Coordinates, Coordinates);
        var middle = moves.narrow(2, 0, Corners) / ShiftWeight * size + centre;
        var half = exp((moves.narrow(2, Corners, Corners) / ScaleWeight).clamp_max(Limit)) * size * 0.5;
        return cat([middle - half, middle + half], 2).MoveToOuterDisposeScope();
    }

    private static (Tensor Centre, Tensor Size) Split(Tensor boxes)
    {
        var corner = boxes.narrow(1, 0, Corners);
        var size = boxes.narrow(1, Corners, Corners) - corner;
        return (corner + 0.5 * size, size);
    }

    private static void CheckBoxes(Tensor boxes, string name)
    {
        ArgumentNullException.ThrowIfNull(boxes, name);
        if (boxes.dim() != 2 || boxes.size(1) != Coordinates) throw new ArgumentException($"Expected boxes [N, 4], and {boxes.ShapeText()} came.", name);
    }

    private static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite value above 0.");
}
