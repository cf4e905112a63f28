using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The classes of a detector's boxes: −Σ w p(teacher) log p(student), where the background weighs more than the classes, since to miss an object or see one is a worse
/// mistake than to take one for another (Chen et al., "Learning Efficient Object Detection Models with Knowledge Distillation", NIPS 2017).
/// </summary>
/// <remarks>The mean over the boxes. A cross-entropy: not 0 where student and teacher agree, and with weights its minimum is not there.</remarks>
public sealed class WeightedClassLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly WeightedClassLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; the paper's where null.</param>
    public WeightedClassLoss(WeightedClassLossOptions? options = null)
        : base(nameof(WeightedClassLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[boxes, K], logits of a floating type, the background among the classes.</param>
    /// <param name="teacher">The teacher's logits for the same boxes, of the same shape, type and device; gets no gradient.</param>
    /// <returns>A scalar; 0 where there is no box.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[boxes, K], logits of a floating type, the background among the classes.</param>
    /// <param name="teacher">The teacher's logits for the same boxes, of the same shape, type and device; gets no gradient.</param>
    /// <param name="options">The settings; the paper's where null.</param>
    /// <returns>A scalar; 0 where there is no box.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, WeightedClassLossOptions? options = null)
    {
        options ??= new();
        LogitChecks.Logits(student, teacher, classes: options.Background + 1);
        if (student.dim() != 2)
        {
            throw new ArgumentException($"Expected logits of shape [boxes, K]; the shape is {student.ShapeText()}.", nameof(student));
        }

        using var scope = NewDisposeScope();
        var targets = nn.functional.softmax(teacher.detach() / options.Temperature, 1);
        targets.narrow(1, options.Background, 1).mul_(options.BackgroundWeight);
        var loss = (targets * nn.functional.log_softmax(student / options.Temperature, 1)).sum() * (-1.0 / Math.Max(1, student.shape[0]));
        return loss.MoveToOuterDisposeScope();
    }
}
