using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Heat-maps, one for each joint or kind of point: the mean square between the student's and the teacher's
/// (Zhang, Zhu and Ye, "Fast Human Pose Estimation", CVPR 2019), or the divergence of the distributions over the places.
/// </summary>
/// <remarks>The paper adds half of it to half of the mean square between the student's maps and the true ones.</remarks>
public sealed class HeatMapDistillationLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly HeatMapDistillationLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; mean squares where null.</param>
    public HeatMapDistillationLoss(HeatMapDistillationLossOptions? options = null)
        : base(nameof(HeatMapDistillationLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, joints, H, W], of a floating type.</param>
    /// <param name="teacher">The teacher's maps, of the same shape, type and device; gets no gradient.</param>
    /// <returns>A scalar, the mean over all maps.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, options: _options);

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, joints, H, W], of a floating type.</param>
    /// <param name="teacher">The teacher's maps, of the same shape, type and device; gets no gradient.</param>
    /// <param name="visible">[N, joints], the weight of each map, 0 where a joint is not to be seen; null for 1. The mean divides by the number of maps all the same, as usual in pose estimation.</param>
    /// <param name="options">The settings; mean squares where null.</param>
    /// <returns>A scalar, the mean over all maps.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, Tensor? visible = null, HeatMapDistillationLossOptions? options = null)
    {
        LogitChecks.Pair(student, teacher);
        if (student.dim() != 4)
        {
            throw new ArgumentException($"Expected maps of shape [N, joints, H, W]; the shape is {student.ShapeText()}.", nameof(student));
        }

        if (visible is not null && !visible.shape.SequenceEqual(student.shape[..2]))
        {
            throw new ArgumentException($"Expected a weight for each map, {student.shape[..2].ShapeText()}; the shape is {visible.ShapeText()}.", nameof(visible));
        }

        options ??= new();
        using var scope = NewDisposeScope();
        var (x, t) = (student.flatten(2), teacher.detach().flatten(2));
        var maps = options.Distribution
            ? new SoftLogitLoss(options.Temperature, options.Temperature, options.Temperature * options.Temperature, PerRow: true)
                .Of(x.flatten(0, 1), t.flatten(0, 1)).reshape(student.shape[..2])
            : (x - t).square().mean([2]);
        return (visible is null ? maps : maps * visible.to(maps.dtype)).mean().MoveToOuterDisposeScope();
    }
}
