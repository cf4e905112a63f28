using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// The mean of p · d, where d is the signed distance to the target's boundary: probability far outside costs much, far inside it pays
/// (Kervadec et al., "Boundary loss for highly unbalanced segmentation", 2019; LIVIAETS/boundary-loss).
/// </summary>
/// <remarks>
/// It is negative for a good prediction and 0 for an empty one, which for a small object is hardly worse: the paper adds it to a loss of regions, with a
/// weight that rises over the training. Distances depend on the targets alone: compute them once by <see cref="SignedDistances"/> where targets are not augmented.
/// </remarks>
public sealed class BoundaryLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly BoundaryLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; a softmax and all classes but class 0 where null.</param>
    public BoundaryLoss(BoundaryLossOptions? options = null)
        : base(nameof(BoundaryLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">[N, C, d1, ...] of one to three sides, of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape (above 0.5 is inside), on their device.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor scores, Tensor target) => Compute(scores, target, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="scores">[N, C, d1, ...] of one to three sides, of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape (above 0.5 is inside), on their device.</param>
    /// <param name="options">The settings; a softmax and all classes but class 0 where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(Tensor scores, Tensor target, BoundaryLossOptions? options = null)
    {
        options ??= new();
        using var scope = NewDisposeScope();
        var input = DistanceInput.Of(scores, target, options);
        Tensor distances;
        using (no_grad())
        {
            distances = DistanceFields.Signed(input.Inside, input.Probabilities.dtype, options.SpacingOf(input.Sides));
        }

        return input.Mean(input.Probabilities * distances).to(scores.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The signed distances of targets, to be kept beside them: outside positive, inside at most 0, and 0 all over where a class is nowhere or everywhere.
    /// </summary>
    /// <param name="target">Labels [N, d1, ...], int64; what is no class of 0 to <paramref name="classes"/> − 1 is outside of all.</param>
    /// <param name="classes">C.</param>
    /// <param name="spacing">The size of a pixel along each side; 1 where null.</param>
    /// <returns>[N, C, d1, ...], float32.</returns>
    /// <exception cref="ArgumentException">The target is no tensor of labels, or there is not a spacing for each side.</exception>
    public static Tensor SignedDistances(Tensor target, long classes, IReadOnlyList<double>? spacing = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (target.dim() < 2 || target.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"Expected labels [N, d1, ...] of type Int64; the shape is {target.ShapeText()}, the type {target.dtype}.", nameof(target));
        }

        using var scope = NewDisposeScope();
        var sides = (int)target.dim() - 1;
        var inside = target.unsqueeze(1).eq(arange(classes, device: target.device).reshape([classes, .. Enumerable.Repeat(1L, sides)]));
        return DistanceFields.Signed(inside, ScalarType.Float32, new BoundaryLossOptions { Spacing = spacing }.SpacingOf(sides)).MoveToOuterDisposeScope();
    }

    /// <summary>The loss from distances that were computed before.</summary>
    /// <param name="scores">[N, C, d1, ...], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="distances">Signed distances of the scores' shape, type and device, of <see cref="SignedDistances"/>.</param>
    /// <param name="options">The settings; those of ignored pixels and of spacing have no meaning here.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor FromDistances(Tensor scores, Tensor distances, BoundaryLossOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(distances);
        options ??= new();
        if (!distances.shape.SequenceEqual(scores.shape) || distances.dtype != scores.dtype || !distances.SharesDeviceWith(scores))
        {
            throw new ArgumentException(
                $"Expected distances {scores.ShapeText()} of type {scores.dtype} where the scores are; "
                + $"the shape is {distances.ShapeText()}, the type {distances.dtype}.",
                nameof(distances));
        }

        SegmentationChecks.Check(scores, distances, options.Activation);
        using var scope = NewDisposeScope();
        var probabilities = new SegmentationInput(scores, null, null, options.Activation, options.IgnoreIndex).Probabilities(scores);
        var products = probabilities * distances;
        return (options.IncludeBackground || scores.shape[1] == 1 ? products : products.narrow(1, 1, scores.shape[1] - 1)).mean().MoveToOuterDisposeScope();
    }
}
