using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Relational knowledge distillation: distances of all pairs of samples, each over their mean, and angles of all triplets shall be the teacher's
/// (Park et al., "Relational Knowledge Distillation", CVPR 2019; equal to lenscloth/RKD and RepDistiller).
/// </summary>
/// <remarks>
/// <para>Both terms are means of smooth L1 losses, over B² pairs and B³ triplets. The widths of student and teacher need not be equal.</para>
/// <para>
/// Where two samples are one point, the original's angle has a gradient that is 10¹² times too large; here the point has none, and the value is the same.
/// A batch of one sample has no relations: its loss is 0.
/// </para>
/// </remarks>
public sealed class RkdLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly RkdLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; RepDistiller's where null.</param>
    public RkdLoss(RkdLossOptions? options = null)
        : base(nameof(RkdLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">The student's features [B, ...], of a floating type.</param>
    /// <param name="teacher">The teacher's features [B, ...], of the same type and on the same device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">The student's features [B, ...], of a floating type.</param>
    /// <param name="teacher">The teacher's features [B, ...], of the same type and on the same device; a constant.</param>
    /// <param name="options">The settings; RepDistiller's where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, RkdLossOptions? options = null)
    {
        RelationChecks.Check(student, teacher);
        options ??= new();
        using var scope = NewDisposeScope();
        var (own, theirs) = (Points(student, options), Points(teacher.detach(), options));
        var forKernel = student.is_cpu() && student.dtype != ScalarType.Float64 && own.FitsSpan() && theirs.FitsSpan();
        var loss = forKernel
            ? FusedFunction.Of(new RkdKernel(options), own.to(ScalarType.Float32).unsqueeze(0), theirs.to(ScalarType.Float32).unsqueeze(0))
            : RkdTensors.Loss(own, theirs, options);
        return loss.to(student.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor Points(Tensor features, RkdLossOptions options)
    {
        var flat = features.flatten(1);
        return options.Normalize ? nn.functional.normalize(flat, dim: 1) : flat;
    }
}
