using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The boxes of a detector: the student's squared error, unless it is smaller than the teacher's by a margin already. The teacher is no target, since what it says of a
/// number may point away from the truth, but a bound (Chen et al., "Learning Efficient Object Detection Models with Knowledge Distillation", NIPS 2017).
/// </summary>
/// <remarks>
/// ‖s − y‖² where ‖s − y‖² + m &gt; ‖t − y‖², else 0; the mean over the boxes. In the paper it is added, half as heavy, to the smooth L1 of the student and the truth, of
/// the boxes that are objects; the implementations on the web vary in both.
/// </remarks>
public sealed class BoundedRegressionLoss : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly BoundedRegressionLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; the defaults where null.</param>
    public BoundedRegressionLoss(BoundedRegressionLossOptions? options = null)
        : base(nameof(BoundedRegressionLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[boxes, 4] offsets, or [boxes, D] of any numbers, of a floating type.</param>
    /// <param name="teacher">The teacher's, of the same shape, type and device; gets no gradient.</param>
    /// <param name="targets">The true ones, of the same shape, type and device.</param>
    /// <returns>A scalar; 0 where there is no box.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher, Tensor targets) => Compute(student, teacher, targets, _options);

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[boxes, 4] offsets, or [boxes, D] of any numbers, of a floating type.</param>
    /// <param name="teacher">The teacher's, of the same shape, type and device; gets no gradient.</param>
    /// <param name="targets">The true ones, of the same shape, type and device.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <returns>A scalar; 0 where there is no box.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, Tensor targets, BoundedRegressionLossOptions? options = null)
    {
        LogitChecks.Pair(student, teacher);
        ArgumentNullException.ThrowIfNull(targets);
        LogitChecks.Alike(student, targets, nameof(targets));
        if (student.dim() != 2)
        {
            throw new ArgumentException($"Expected numbers of shape [boxes, D]; the shape is {student.ShapeText()}.", nameof(student));
        }

        using var scope = NewDisposeScope();
        var truth = targets.detach();
        var own = (student - truth).square().sum(1);
        var bound = (teacher.detach() - truth).square().sum(1);
        var costs = own.masked_fill((own.detach() + (options?.Margin ?? 0)).le(bound), 0);
        return (costs.sum() / Math.Max(1, student.shape[0])).MoveToOuterDisposeScope();
    }
}
