using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// DIST: the probabilities of student and teacher shall be correlated, over the classes of each sample and over the samples of each class, and need not be equal: for
/// teachers much stronger than the student (Huang et al., "Knowledge Distillation from A Stronger Teacher", 2022).
/// </summary>
/// <remarks>
/// T² (β (1 − mean Pearson of the rows) + γ (1 − mean Pearson of the columns)) of softmax(z/T), with 1e-8 added to the product of the norms, as in mmrazor, or to neither
/// (<see cref="DistLossOptions.Torchdistill"/>): with many classes that differs in the fourth digit. A batch of one sample has no correlation over samples: its part is γ.
/// </remarks>
public sealed class DistLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private const double Epsilon = 1e-8;
    private readonly DistLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; <see cref="DistLossOptions.Mmrazor"/> where null.</param>
    public DistLoss(DistLossOptions? options = null)
        : base(nameof(DistLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K], logits of a floating type.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device; gets no gradient.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K], logits of a floating type.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device; gets no gradient.</param>
    /// <param name="options">The settings; <see cref="DistLossOptions.Mmrazor"/> where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, DistLossOptions? options = null)
    {
        LogitChecks.Logits(student, teacher);
        if (student.dim() != 2)
        {
            throw new ArgumentException($"Expected logits of shape [N, K]; the shape is {student.ShapeText()}.", nameof(student));
        }

        options ??= DistLossOptions.Mmrazor;
        using var scope = NewDisposeScope();
        var x = nn.functional.softmax(student / options.Temperature, 1);
        var t = nn.functional.softmax(teacher.detach() / options.Temperature, 1);
        var loss = ((1 - Correlation(x, t, 1, options)) * options.InterWeight) + ((1 - Correlation(x, t, 0, options)) * options.IntraWeight);
        return (loss * (options.Temperature * options.Temperature)).MoveToOuterDisposeScope();
    }

    private static Tensor Correlation(Tensor x, Tensor t, long dimension, DistLossOptions options)
    {
        (x, t) = (x - x.mean([dimension], true), t - t.mean([dimension], true));
        return options.ClampedNorms
            ? nn.functional.cosine_similarity(x, t, dimension, Epsilon).mean()
            : ((x * t).sum(dimension) / ((Norm(x, dimension) * Norm(t, dimension)) + Epsilon)).mean();
    }

    // The norm of libtorch has the gradient 0 at 0, where the root of a sum has none.
    private static Tensor Norm(Tensor x, long dimension) => linalg.vector_norm(x, 2, [dimension]);
}
