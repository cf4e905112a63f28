using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Tf-KD by regularisation: the teacher is made by hand, sure of the label and indifferent about the rest
/// (Yuan et al., "Revisiting Knowledge Distillation via Label Smoothing Regularization", CVPR 2020).
/// </summary>
/// <remarks>
/// KL(softmax(u/T) ‖ softmax(s)), u being 0.99 on the label and 0.01/(K − 1) elsewhere; neither T of the student nor T². Those targets are a smoothed label, so the
/// kernel of label smoothing computes it. Note how soft they are: at T = 20 the label has hardly more than 1/K.
/// </remarks>
public sealed class TeacherFreeLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly TeacherFreeLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; <see cref="TeacherFreeLossOptions.Official"/> where null.</param>
    public TeacherFreeLoss(TeacherFreeLossOptions? options = null)
        : base(nameof(TeacherFreeLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K] or [N, K, d1, …], logits of a floating type, K of at least 2.</param>
    /// <param name="labels">[N] or [N, d1, …], int64.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor student, Tensor labels) => Compute(student, labels, _options);

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K] or [N, K, d1, …], logits of a floating type, K of at least 2.</param>
    /// <param name="labels">[N] or [N, d1, …], int64.</param>
    /// <param name="options">The settings; <see cref="TeacherFreeLossOptions.Official"/> where null.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(Tensor student, Tensor labels, TeacherFreeLossOptions? options = null)
    {
        LogitChecks.Logits(student, student, classes: 2);
        LogitChecks.Labels(labels, student);
        options ??= TeacherFreeLossOptions.Official;
        var classes = student.shape[1];
        var (own, other) = Probabilities(classes, options.Temperature, options.CorrectProbability);
        var negativeEntropy = (own * Math.Log(own)) + ((classes - 1) * other * Math.Log(other));
        using var scope = NewDisposeScope();
        var perRow = options.Reduction == DistillationReduction.None;
        var crossEntropy = new SoftTargetLoss(labels, other * classes, Reduction: perRow ? nn.Reduction.None : nn.Reduction.Mean).Of(student);
        var perPosition = options.Reduction switch
        {
            DistillationReduction.BatchMean => labels.numel() / (double)labels.shape[0],
            DistillationReduction.ElementMean => 1.0 / classes,
            DistillationReduction.Sum => labels.numel(),
            _ => 1,
        };
        return ((crossEntropy + negativeEntropy) * perPosition).MoveToOuterDisposeScope();
    }

    /// <summary>What the virtual teacher says: softmax(u/T) for each label, as a target for other losses.</summary>
    /// <param name="labels">[N], int64.</param>
    /// <param name="classes">K, at least 2.</param>
    /// <param name="options">The settings; <see cref="TeacherFreeLossOptions.Official"/> where null.</param>
    /// <returns>[N, K], probabilities of type float32, on the labels' device.</returns>
    /// <exception cref="ArgumentException">The labels are not [N] of int64, or one is no class.</exception>
    public static Tensor Targets(Tensor labels, int classes, TeacherFreeLossOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (labels.dim() != 1 || labels.dtype != ScalarType.Int64)
        {
            throw new ArgumentException($"Expected labels of shape [N] and type Int64; they are {labels.ShapeText()} of {labels.dtype}.", nameof(labels));
        }

        SoftTargetChecks.CheckRange(labels, classes);
        options ??= TeacherFreeLossOptions.Official;
        var (own, other) = Probabilities(classes, options.Temperature, options.CorrectProbability);
        using var scope = NewDisposeScope();
        var label = arange(classes, device: labels.device).eq(labels.unsqueeze(1)).to(ScalarType.Float32);
        return ((label * (own - other)) + other).MoveToOuterDisposeScope();
    }

    private static (double Own, double Other) Probabilities(long classes, double temperature, double correct)
    {
        var odds = Math.Exp((correct - ((1 - correct) / (classes - 1))) / temperature);
        var other = 1 / (odds + classes - 1);
        return (odds * other, other);
    }
}
