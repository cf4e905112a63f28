using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Contrast without a memory: among the batch's samples, the student's vector shall find the teacher's of the same sample, and the other way round. It needs no labels and no indices of
/// samples, and so serves regression, landmarks or any other task; it wants large batches.
/// </summary>
/// <remarks>
/// The features are embedded as vectors of the length 1; the loss is the cross-entropy of the products over τ, the mean over the batch, of both sides (InfoNCE: van den Oord, Li
/// and Vinyals, 2018). It stands beside <see cref="ContrastiveDistillationLoss"/> for those who asked RepDistiller for such a form; that has none.
/// </remarks>
public sealed class InBatchContrastLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly double _temperature;
    [ComponentName(Name = "embed_s")]
    private readonly EmbeddingHead _student;

    [ComponentName(Name = "embed_t")]
    private readonly EmbeddingHead _teacher;

    /// <summary>Makes the loss with new heads, whose parameters are to be trained with the student.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="generator">What the heads are drawn from; TorchSharp's own where null.</param>
    public InBatchContrastLoss(InBatchContrastLossOptions options, Generator? generator = null)
        : base(nameof(InBatchContrastLoss))
    {
        ArgumentNullException.ThrowIfNull(options);
        _temperature = options.Temperature;
        _student = new(options.StudentFeatures, options.Dimension, generator);
        _teacher = new(options.TeacherFeatures, options.Dimension, generator);
        RegisterComponents();
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[B, …], features of the student.</param>
    /// <param name="teacher">[B, …], features of the teacher; get no gradient.</param>
    /// <returns>A scalar; 0 for one sample.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        Check(student, _student.Features, nameof(student));
        Check(teacher, _teacher.Features, nameof(teacher));
        if (teacher.shape[0] != student.shape[0] || teacher.dtype != student.dtype)
        {
            throw new ArgumentException($"Expected {student.shape[0]} samples of {student.dtype}; there are {teacher.shape[0]} of {teacher.dtype}.", nameof(teacher));
        }

        LogitChecks.SameDevice(student, teacher, nameof(teacher));
        using var scope = NewDisposeScope();
        var products = _student.call(student).mm(_teacher.call(teacher.detach()).t()) / _temperature;
        var own = arange(student.shape[0], ScalarType.Int64, student.device);
        return (nn.functional.cross_entropy(products, own) + nn.functional.cross_entropy(products.t(), own)).MoveToOuterDisposeScope();
    }

    private static void Check(Tensor features, long size, string name)
    {
        ArgumentNullException.ThrowIfNull(features, name);
        if (!features.is_floating_point() || features.dim() < 2 || features.shape[0] == 0 || features.numel() / features.shape[0] != size)
        {
            throw new ArgumentException(
                $"Expected features of shape [B, ...] with {size} numbers for each sample; they are {features.ShapeText()} of {features.dtype}.", name);
        }
    }
}
