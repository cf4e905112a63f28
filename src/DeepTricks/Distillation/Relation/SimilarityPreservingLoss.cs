using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Samples that are alike for the teacher shall be alike for the student: squared difference of the rows of F·Fᵀ, each scaled to length 1, over B²
/// (Tung and Mori, "Similarity-Preserving Knowledge Distillation", ICCV 2019; equal to RepDistiller, which the author verified).
/// </summary>
/// <remarks>Usually weighted with 3000, on the last feature maps. The sizes of student and teacher need not be equal.</remarks>
public sealed class SimilarityPreservingLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly SimilarityPreservingLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; the paper's where null.</param>
    public SimilarityPreservingLoss(SimilarityPreservingLossOptions? options = null)
        : base(nameof(SimilarityPreservingLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">The student's features [B, ...], of a floating type.</param>
    /// <param name="teacher">The teacher's features [B, ...], of the same type and on the same device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">The student's features [B, ...], of a floating type.</param>
    /// <param name="teacher">The teacher's features [B, ...], of the same type and on the same device; a constant.</param>
    /// <param name="options">The settings; the paper's where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, SimilarityPreservingLossOptions? options = null)
    {
        RelationChecks.Check(student, teacher);
        var norm = (options ?? new()).RowNorm;
        using var scope = NewDisposeScope();
        var (own, theirs) = (student.flatten(1), teacher.detach().flatten(1));
        if (student.dtype is ScalarType.Float16 or ScalarType.BFloat16)
        {
            (own, theirs) = (own.to(ScalarType.Float32), theirs.to(ScalarType.Float32));
        }

        var forKernel = norm == SimilarityPreservingLossOptions.DefaultRowNorm && own.is_cpu() && own.dtype == ScalarType.Float32 && own.FitsSpan() && theirs.FitsSpan();
        var loss = forKernel ? FusedFunction.Of(new SimilarityKernel(), own.unsqueeze(0), theirs.unsqueeze(0)) : InTensors(own, theirs, norm);
        return loss.to(student.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The same in tensor operations, of any device and differentiable as often as wanted.</summary>
    internal static Tensor InTensors(Tensor student, Tensor teacher, double norm = SimilarityPreservingLossOptions.DefaultRowNorm) =>
        (Rows(student, norm) - Rows(teacher, norm)).square().sum() / (student.shape[0] * student.shape[0]);

    private static Tensor Rows(Tensor features, double norm) => nn.functional.normalize(features.mm(features.t()), norm, dim: 1);
}
