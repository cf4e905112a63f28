using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The distance of the student's softened probabilities to the teacher's: T² KL(softmax(t/T) ‖ softmax(s/T))
/// (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015).
/// </summary>
/// <remarks>
/// The teacher's logits get no gradient. Single precision on the CPU runs in one kernel, which stores nothing of the size of the logits but the gradient. A class
/// to which the teacher gives no probability counts for nothing, even where the student's logit is −∞.
/// </remarks>
public sealed class KnowledgeDistillationLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly KnowledgeDistillationLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; <see cref="KnowledgeDistillationLossOptions.RepDistiller"/> where null.</param>
    public KnowledgeDistillationLoss(KnowledgeDistillationLossOptions? options = null)
        : base(nameof(KnowledgeDistillationLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K] or [N, K, d1, …], logits of a floating type.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device.</param>
    /// <returns>A scalar; [N] or [N, d1, …] where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K] or [N, K, d1, …], logits of a floating type.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device.</param>
    /// <param name="options">The settings; <see cref="KnowledgeDistillationLossOptions.RepDistiller"/> where null.</param>
    /// <returns>A scalar; [N] or [N, d1, …] where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, KnowledgeDistillationLossOptions? options = null)
    {
        LogitChecks.Logits(student, teacher);
        options ??= KnowledgeDistillationLossOptions.RepDistiller;
        return Of(student, teacher, options.Temperature, options);
    }

    /// <summary>The loss towards probabilities that are softened already: means of several teachers', adjusted or smoothed ones.</summary>
    /// <param name="student">[N, K] or [N, K, d1, …], logits of a floating type.</param>
    /// <param name="probabilities">The targets, of the same shape, type and device; each row is a distribution, which is not checked.</param>
    /// <param name="options">The settings, whose temperature softens the student alone; <see cref="KnowledgeDistillationLossOptions.RepDistiller"/> where null.</param>
    /// <returns>A scalar; [N] or [N, d1, …] where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor ComputeTowards(Tensor student, Tensor probabilities, KnowledgeDistillationLossOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(probabilities);
        LogitChecks.Alike(student, probabilities, nameof(probabilities));
        LogitChecks.Logits(student, probabilities);
        using var scope = NewDisposeScope();
        return Of(student, probabilities.detach().log(), 1, options ?? KnowledgeDistillationLossOptions.RepDistiller).MoveToOuterDisposeScope();
    }

    private static Tensor Of(Tensor student, Tensor teacher, double teacherTemperature, KnowledgeDistillationLossOptions options)
    {
        var perRow = options.Reduction == DistillationReduction.None;
        var factor = options.Scale / Divisor(student, options.Reduction);
        if (options.Distance == ProbabilityDistance.KullbackLeibler)
        {
            return new SoftLogitLoss(options.Temperature, teacherTemperature, factor, perRow).Of(student, teacher);
        }

        using var scope = NewDisposeScope();
        var target = nn.functional.softmax(teacher.detach() / teacherTemperature, 1);
        var squares = (nn.functional.softmax(student / options.Temperature, 1) - target).square();
        return ((perRow ? squares.sum(1) : squares.sum()) * factor).MoveToOuterDisposeScope();
    }

    private static double Divisor(Tensor logits, DistillationReduction reduction) => reduction switch
    {
        DistillationReduction.BatchMean => logits.shape[0],
        DistillationReduction.PositionMean => logits.numel() / (double)logits.shape[1],
        DistillationReduction.ElementMean => logits.numel(),
        _ => 1,
    };
}
