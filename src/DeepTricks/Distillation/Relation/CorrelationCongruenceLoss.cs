using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Correlation congruence in the paper's form: the matrix of a kernel between all samples shall be the teacher's
/// (Peng et al., "Correlation Congruence for Knowledge Distillation", ICCV 2019; the forms of Knowledge-Distillation-Zoo and torchdistill are in the options).
/// </summary>
/// <remarks>What the authors ran, as RepDistiller has it from them, is another loss: <see cref="ConsecutiveCorrelationLoss"/>.</remarks>
public sealed class CorrelationCongruenceLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly CorrelationCongruenceLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; those of Knowledge-Distillation-Zoo where null.</param>
    public CorrelationCongruenceLoss(CorrelationCongruenceLossOptions? options = null)
        : base(nameof(CorrelationCongruenceLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">The student's features [B, ...], of a floating type.</param>
    /// <param name="teacher">The teacher's features [B, ...], of the same type and on the same device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">The student's features [B, ...], of a floating type.</param>
    /// <param name="teacher">The teacher's features [B, ...], of the same type and on the same device; a constant.</param>
    /// <param name="options">The settings; those of Knowledge-Distillation-Zoo where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, CorrelationCongruenceLossOptions? options = null)
    {
        RelationChecks.Check(student, teacher);
        options ??= new();
        using var scope = NewDisposeScope();
        var squares = (Correlations(student, options) - Correlations(teacher.detach(), options)).square();
        if (options.Distance == CorrelationDistance.MeanSquare)
        {
            return squares.mean().MoveToOuterDisposeScope();
        }

        // The root has no finite slope at 0, where the student is the teacher already.
        var sum = squares.sum();
        var apart = sum.gt(0);
        var norm = sum.where(apart, torch.ones_like(sum)).sqrt() * apart;
        return (norm / (student.shape[0] * student.shape[0])).MoveToOuterDisposeScope();
    }

    private static Tensor Correlations(Tensor features, CorrelationCongruenceLossOptions options)
    {
        var flat = features.flatten(1);
        var points = options.Normalize ? nn.functional.normalize(flat, dim: 1) : flat;
        var products = points.mm(points.t());
        if (options.Kernel == CorrelationKernel.Bilinear)
        {
            return products;
        }

        // By Horner: 1 + 2γ/1·z (1 + 2γ/2·z (1 + ...)).
        var series = torch.ones_like(products);
        for (var p = options.Order; p > 0; p--)
        {
            series = (series * products * (2 * options.Gamma / p)) + 1;
        }

        return series * Math.Exp(-2 * options.Gamma);
    }
}
