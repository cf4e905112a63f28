using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Boxes as tensors whose last dimension is (x1, y1, x2, y2), computed as torchvision's <c>ops.boxes</c> does; differentiable.</summary>
/// <remarks>Areas and overlaps of half precision are computed, and returned, in single precision.</remarks>
public static class Boxes
{
    /// <summary>(x2 − x1)(y2 − y1).</summary>
    /// <param name="boxes">[N, 4].</param>
    /// <returns>[N].</returns>
    /// <exception cref="ArgumentException">The boxes are not [N, 4].</exception>
    public static Tensor Area(Tensor boxes)
    {
        BoxChecks.Boxes(boxes);
        using var scope = NewDisposeScope();
        var wide = Wide(boxes);
        return ((Side(wide, 2) - Side(wide, 0)) * (Side(wide, 3) - Side(wide, 1))).MoveToOuterDisposeScope();
    }

    /// <summary>Intersection over union of every pair.</summary>
    /// <param name="first">[N, 4], of a floating type.</param>
    /// <param name="second">[M, 4], of the same type and device.</param>
    /// <returns>[N, M]; NaN for two boxes without area.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Iou(Tensor first, Tensor second)
    {
        CheckPair(first, second);
        using var scope = NewDisposeScope();
        return BoxOverlap.EveryPair(Wide(first), Wide(second)).Iou.MoveToOuterDisposeScope();
    }

    /// <summary>Generalised IoU of every pair (Rezatofighi et al., 2019): the IoU less the part of the enclosing box that is neither's.</summary>
    /// <param name="first">[N, 4], of a floating type.</param>
    /// <param name="second">[M, 4], of the same type and device.</param>
    /// <returns>[N, M], in (−1, 1].</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor GeneralizedIou(Tensor first, Tensor second)
    {
        CheckPair(first, second);
        using var scope = NewDisposeScope();
        return BoxOverlap.EveryPair(Wide(first), Wide(second)).Generalized.MoveToOuterDisposeScope();
    }

    /// <summary>Distance IoU of every pair (Zheng et al., 2020): the IoU less the centres' squared distance over the enclosing box's squared diagonal.</summary>
    /// <param name="first">[N, 4], of a floating type.</param>
    /// <param name="second">[M, 4], of the same type and device.</param>
    /// <param name="epsilon">Added to the squared diagonal; 10⁻⁷ by default.</param>
    /// <returns>[N, M], in (−1, 1].</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor DistanceIou(Tensor first, Tensor second, double epsilon = BoxOverlap.DefaultEpsilon)
    {
        CheckPair(first, second);
        using var scope = NewDisposeScope();
        return (BoxOverlap.EveryPair(Wide(first), Wide(second)) with { Epsilon = epsilon }).Distance.MoveToOuterDisposeScope();
    }

    /// <summary>Complete IoU of every pair (Zheng et al., 2020): the distance IoU less a term in the difference of the aspect ratios.</summary>
    /// <param name="first">[N, 4], of a floating type.</param>
    /// <param name="second">[M, 4], of the same type and device.</param>
    /// <param name="epsilon">Keeps divisors off 0; 10⁻⁷ by default.</param>
    /// <returns>[N, M].</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor CompleteIou(Tensor first, Tensor second, double epsilon = BoxOverlap.DefaultEpsilon)
    {
        CheckPair(first, second);
        using var scope = NewDisposeScope();
        var overlap = BoxOverlap.EveryPair(Wide(first), Wide(second)) with { Epsilon = epsilon };
        return (overlap.Distance - overlap.AspectTerm).MoveToOuterDisposeScope();
    }

    /// <summary>The same boxes in another format.</summary>
    /// <param name="boxes">[..., 4].</param>
    /// <param name="from">What the numbers are.</param>
    /// <param name="to">What they shall be.</param>
    /// <returns>New boxes, of the shape and type of the old.</returns>
    /// <exception cref="ArgumentException">The last dimension is not 4, or a format is unknown.</exception>
    public static Tensor Convert(Tensor boxes, BoxFormat from, BoxFormat to)
    {
        BoxChecks.LastOfFour(boxes);
        using var scope = NewDisposeScope();
        if (from == to)
        {
            return boxes.clone().MoveToOuterDisposeScope();
        }

        var (a, b, c, d) = (Side(boxes, 0), Side(boxes, 1), Side(boxes, 2), Side(boxes, 3));
        (a, b, c, d) = from switch
        {
            BoxFormat.Corners => (a, b, c, d),
            BoxFormat.CornerAndSize => (a, b, a + c, b + d),
            BoxFormat.CentreAndSize => (a - (c * 0.5), b - (d * 0.5), a + (c * 0.5), b + (d * 0.5)),
            _ => throw new ArgumentOutOfRangeException(nameof(from), from, "Unknown format."),
        };
        (a, b, c, d) = to switch
        {
            BoxFormat.Corners => (a, b, c, d),
            BoxFormat.CornerAndSize => (a, b, c - a, d - b),
            BoxFormat.CentreAndSize => ((a + c) / 2, (b + d) / 2, c - a, d - b),
            _ => throw new ArgumentOutOfRangeException(nameof(to), to, "Unknown format."),
        };
        return stack([a, b, c, d], -1).MoveToOuterDisposeScope();
    }

    /// <summary>Moves corners outside an image to its border.</summary>
    /// <param name="boxes">[..., 4].</param>
    /// <param name="height">The image's height: the largest y.</param>
    /// <param name="width">The image's width: the largest x.</param>
    /// <returns>New boxes, of the shape and type of the old.</returns>
    /// <exception cref="ArgumentException">The last dimension is not 4, or a size is negative.</exception>
    public static Tensor Clip(Tensor boxes, long height, long width)
    {
        BoxChecks.LastOfFour(boxes);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        using var scope = NewDisposeScope();
        return stack([Side(boxes, 0).clamp(0, width), Side(boxes, 1).clamp(0, height), Side(boxes, 2).clamp(0, width), Side(boxes, 3).clamp(0, height)], -1)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Finds the boxes whose sides are both large enough.</summary>
    /// <param name="boxes">[N, 4].</param>
    /// <param name="minimumSize">The least side.</param>
    /// <returns>Their indices, int64, in order.</returns>
    /// <exception cref="ArgumentException">The boxes are not [N, 4].</exception>
    public static Tensor RemoveSmall(Tensor boxes, double minimumSize)
    {
        BoxChecks.Boxes(boxes);
        using var scope = NewDisposeScope();
        var large = (Side(boxes, 2) - Side(boxes, 0)).ge(minimumSize).logical_and((Side(boxes, 3) - Side(boxes, 1)).ge(minimumSize));
        return large.nonzero().squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>Boxes in a type whose products do not overflow.</summary>
    internal static Tensor Wide(Tensor boxes) => boxes.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? boxes.to(ScalarType.Float32) : boxes;

    internal static Tensor Side(Tensor boxes, long index) => boxes.select(-1, index);

    private static void CheckPair(Tensor first, Tensor second)
    {
        BoxChecks.Boxes(first);
        BoxChecks.Boxes(second);
        BoxChecks.Floating(first);
        BoxChecks.Alike(second, first);
    }
}
