using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The soft-target loss towards a teacher that is corrected where it is wrong, T² KL, the mean over the samples
/// (Wen et al., "Preparing Lessons: Improve Knowledge Distillation with Better Supervision", 2019).
/// </summary>
/// <remarks>The label's own loss is not in it: the authors add T times the cross-entropy of the softened logits.</remarks>
public sealed class KnowledgeAdjustmentLoss : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly KnowledgeAdjustmentLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; the defaults where null.</param>
    public KnowledgeAdjustmentLoss(KnowledgeAdjustmentLossOptions? options = null)
        : base(nameof(KnowledgeAdjustmentLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K], logits of a floating type, K of at least 2.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device; gets no gradient.</param>
    /// <param name="labels">[N], int64.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor student, Tensor teacher, Tensor labels) => Compute(student, teacher, labels, _options);

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K], logits of a floating type, K of at least 2.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device; gets no gradient.</param>
    /// <param name="labels">[N], int64.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, Tensor labels, KnowledgeAdjustmentLossOptions? options = null)
    {
        LogitChecks.Logits(student, teacher, classes: 2);
        options ??= new();
        using var scope = NewDisposeScope();
        var targets = options.Method == AdjustmentMethod.Shift
            ? KnowledgeAdjustment.Shift(teacher, labels, options.Temperature, options.AsKdLib)
            : KnowledgeAdjustment.Smooth(teacher, labels, options.Temperature, options.CorrectProbability);
        var loss = options.AsKdLib
            ? Swapped(student, targets, options.Temperature)
            : KnowledgeDistillationLoss.ComputeTowards(student, targets, new() { Temperature = options.Temperature });
        return loss.MoveToOuterDisposeScope();
    }

    private static Tensor Swapped(Tensor student, Tensor targets, double temperature)
    {
        var x = nn.functional.log_softmax(student / temperature, 1);
        return (x.exp() * (x - targets)).sum() * (temperature * temperature / student.shape[0]);
    }
}
