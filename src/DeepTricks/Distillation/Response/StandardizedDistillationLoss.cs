using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The soft-target loss of logits that have the mean 0 and the deviation 1 in each sample, so that the student need not have the teacher's magnitude
/// (Sun et al., "Logit Standardization in Knowledge Distillation", CVPR 2024).
/// </summary>
/// <remarks>As torchdistill's <c>LogitStdKDLoss</c> with labels; without them that leaves T² out, which <see cref="KnowledgeDistillationLossOptions.SquaredTemperature"/> says here.</remarks>
public sealed class StandardizedDistillationLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly StandardizedDistillationLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; the defaults where null.</param>
    public StandardizedDistillationLoss(StandardizedDistillationLossOptions? options = null)
        : base(nameof(StandardizedDistillationLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K], logits of a floating type, K of at least 2.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device; gets no gradient.</param>
    /// <returns>A scalar; [N] where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K], logits of a floating type, K of at least 2.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device; gets no gradient.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <returns>A scalar; [N] where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, StandardizedDistillationLossOptions? options = null)
    {
        LogitChecks.Logits(student, teacher, classes: 2);
        options ??= new();
        using var scope = NewDisposeScope();
        return KnowledgeDistillationLoss
            .Compute(Standardize(student, options.Epsilon), Standardize(teacher.detach(), options.Epsilon), options.Divergence)
            .MoveToOuterDisposeScope();
    }

    /// <summary>(z − mean) / (ε + deviation) along the classes, the deviation with K − 1.</summary>
    private static Tensor Standardize(Tensor logits, double epsilon) =>
        (logits - logits.mean([1], true)) / (logits.std(1, unbiased: true, keepdim: true) + epsilon);
}
