using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// WSLD: the soft labels of a sample count the less, the better the student knows its label already compared with the teacher
/// (Zhou et al., "Rethinking Soft Labels for Knowledge Distillation: A Bias-Variance Tradeoff Perspective", ICLR 2021).
/// </summary>
/// <remarks>
/// T² · mean of (1 − exp(−CE(student) / (CE(teacher) + 1e-7))) · cross-entropy of softmax(t/T) and softmax(s/T), as in mmrazor; the weight is a constant. The value is a
/// cross-entropy and not 0 where student and teacher agree.
/// </remarks>
public sealed class WeightedSoftLabelLoss : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private const double Epsilon = 1e-7;
    private readonly WeightedSoftLabelLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; the defaults where null.</param>
    public WeightedSoftLabelLoss(WeightedSoftLabelLossOptions? options = null)
        : base(nameof(WeightedSoftLabelLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K] or [N, K, d1, …], logits of a floating type.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device; gets no gradient.</param>
    /// <param name="labels">[N] or [N, d1, …], int64.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor student, Tensor teacher, Tensor labels) => Compute(student, teacher, labels, _options);

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K] or [N, K, d1, …], logits of a floating type.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device; gets no gradient.</param>
    /// <param name="labels">[N] or [N, d1, …], int64.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, Tensor labels, WeightedSoftLabelLossOptions? options = null)
    {
        LogitChecks.Logits(student, teacher);
        LogitChecks.Labels(labels, student);
        options ??= new();
        using var scope = NewDisposeScope();
        var soft = new SoftLogitLoss(options.Temperature, options.Temperature, options.Temperature * options.Temperature, PerRow: true, CrossEntropy: true);
        return (soft.Of(student, teacher) * Weights(student, teacher, labels)).mean().MoveToOuterDisposeScope();
    }

    private static Tensor Weights(Tensor student, Tensor teacher, Tensor labels)
    {
        using var ungraded = no_grad();
        var ratio = Cost(student, labels) / (Cost(teacher, labels) + Epsilon);
        return 1 - ratio.neg().exp();
    }

    private static Tensor Cost(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None);
}
