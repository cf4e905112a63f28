using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Losses over boxes and their counterparts, computed as torchvision's and fvcore's.</summary>
public static class BoxLosses
{
    /// <summary>1 − generalised IoU (Rezatofighi et al., 2019).</summary>
    /// <param name="boxes">[..., 4] of (x1, y1, x2, y2), of a floating type, predicted.</param>
    /// <param name="targets">Of the same shape, type and device.</param>
    /// <param name="reduction">None by default, as in torchvision. The mean over no boxes is 0.</param>
    /// <param name="epsilon">Keeps divisors off 0; 10⁻⁷ by default.</param>
    /// <returns>A scalar; [...] where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor GeneralizedIou(Tensor boxes, Tensor targets, nn.Reduction reduction = nn.Reduction.None, double epsilon = BoxOverlap.DefaultEpsilon) =>
        Loss(boxes, targets, reduction, epsilon, overlap => 1 - overlap.Generalized);

    /// <summary>1 − distance IoU (Zheng et al., 2020).</summary>
    /// <param name="boxes">[..., 4] of (x1, y1, x2, y2), of a floating type, predicted.</param>
    /// <param name="targets">Of the same shape, type and device.</param>
    /// <param name="reduction">None by default, as in torchvision. The mean over no boxes is 0.</param>
    /// <param name="epsilon">Keeps divisors off 0; 10⁻⁷ by default.</param>
    /// <returns>A scalar; [...] where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor DistanceIou(Tensor boxes, Tensor targets, nn.Reduction reduction = nn.Reduction.None, double epsilon = BoxOverlap.DefaultEpsilon) =>
        Loss(boxes, targets, reduction, epsilon, overlap => 1 - overlap.Distance);

    /// <summary>1 − complete IoU (Zheng et al., 2020); the weight of the aspect ratios' term gets no gradient.</summary>
    /// <param name="boxes">[..., 4] of (x1, y1, x2, y2), of a floating type, predicted, with positive heights.</param>
    /// <param name="targets">Of the same shape, type and device.</param>
    /// <param name="reduction">None by default, as in torchvision. The mean over no boxes is 0.</param>
    /// <param name="epsilon">Keeps divisors off 0; 10⁻⁷ by default.</param>
    /// <returns>A scalar; [...] where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor CompleteIou(Tensor boxes, Tensor targets, nn.Reduction reduction = nn.Reduction.None, double epsilon = BoxOverlap.DefaultEpsilon) =>
        Loss(boxes, targets, reduction, epsilon, overlap => 1 - overlap.Distance + overlap.AspectTerm);

    private static Tensor Loss(Tensor boxes, Tensor targets, nn.Reduction reduction, double epsilon, Func<BoxOverlap, Tensor> loss)
    {
        BoxChecks.LastOfFour(boxes);
        BoxChecks.Floating(boxes, nameof(boxes));
        BoxChecks.LastOfFour(targets);
        BoxChecks.Alike(targets, boxes);
        if (!boxes.shape.SequenceEqual(targets.shape))
        {
            throw new ArgumentException($"Expected targets of shape {boxes.ShapeText()}, as the boxes; the shape is {targets.ShapeText()}.", nameof(targets));
        }

        using var scope = NewDisposeScope();
        var losses = loss(BoxOverlap.Counterparts(Boxes.Wide(boxes), Boxes.Wide(targets), epsilon));
        return (reduction switch
        {
            nn.Reduction.None => losses,
            nn.Reduction.Sum => losses.sum(),
            _ => losses.sum() / Math.Max(losses.numel(), 1),
        }).MoveToOuterDisposeScope();
    }
}
