using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Lets each layer of a teacher teach the student's layers of its depth and below: from the deepest layer up, the student's layers are fused into one another, and each
/// result is compared at several scales (Chen et al., "Distilling Knowledge via Knowledge Review", 2021).
/// </summary>
/// <remarks>
/// The fusions learn with the student: they belong into the optimiser. Their names are those of mdistiller and dvlab-research/ReviewKD: <c>abfs.0</c> is the deepest layer's.
/// The weight is ramped up over the first epochs there (20 on CIFAR-100).
/// </remarks>
public sealed class KnowledgeReviewLoss : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, Tensor>
{
    [ComponentName(Name = "abfs")] private readonly ModuleList<AttentionFusion> _fusions;

    /// <summary>Makes the loss with its fusions.</summary>
    /// <param name="studentShapes">The shapes [N, C, H, W] of the student's layers, the shallowest first; the pooled features count as [N, C, 1, 1].</param>
    /// <param name="teacherShapes">The shapes of the teacher's layers, as many.</param>
    /// <param name="options">The size; the defaults where null.</param>
    /// <param name="generator">Draws the weights; TorchSharp's own where null.</param>
    /// <exception cref="ArgumentException">There are no layers, not as many on both sides, or a shape is no map's.</exception>
    public KnowledgeReviewLoss(
        IReadOnlyList<long[]> studentShapes, IReadOnlyList<long[]> teacherShapes, KnowledgeReviewLossOptions? options = null, Generator? generator = null)
        : base(nameof(KnowledgeReviewLoss))
    {
        ArgumentNullException.ThrowIfNull(studentShapes);
        ArgumentNullException.ThrowIfNull(teacherShapes);
        CheckShapes(studentShapes, nameof(studentShapes));
        CheckShapes(teacherShapes, nameof(teacherShapes));
        if (studentShapes.Count != teacherShapes.Count)
        {
            throw new ArgumentException($"Expected as many layers as the student's {studentShapes.Count}; there are {teacherShapes.Count}.", nameof(teacherShapes));
        }

        var middle = Math.Min((options ?? new()).MaximumMiddleChannels, studentShapes[^1][1]);
        var last = studentShapes.Count - 1;
        _fusions = new([.. Enumerable.Range(0, studentShapes.Count).Reverse()
            .Select(i => new AttentionFusion(studentShapes[i][1], middle, teacherShapes[i], i < last, generator))]);
        RegisterComponents();
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">The student's maps, in the order of the shapes.</param>
    /// <param name="teacher">The teacher's maps, in that order; constants.</param>
    /// <returns>A scalar, summed over the layers.</returns>
    /// <exception cref="ArgumentException">There are not as many layers as were said, or one does not fit.</exception>
    public override Tensor forward(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        CheckCount(student, nameof(student));
        CheckCount(teacher, nameof(teacher));
        using var scope = NewDisposeScope();
        Tensor? residual = null, sum = null;
        for (var i = 0; i < _fusions.Count; i++)
        {
            var layer = _fusions.Count - 1 - i;
            (var output, residual) = _fusions[i].call(student[layer], residual);
            var loss = HierarchicalContextLoss.Compute(output, teacher[layer]);
            sum = sum is null ? loss : sum + loss;
        }

        return sum!.MoveToOuterDisposeScope();
    }

    private static void CheckShapes(IReadOnlyList<long[]> shapes, string parameter)
    {
        if (shapes.Count == 0 || shapes.Any(shape => shape is not { Length: 4 } || shape[1..].Any(size => size < 1)))
        {
            throw new ArgumentException($"Expected shapes [N, C, H, W]; they are {string.Join(", ", shapes.Select(shape => (shape ?? []).ShapeText()))}.", parameter);
        }
    }

    private void CheckCount(IReadOnlyList<Tensor> layers, string parameter)
    {
        if (layers.Count != _fusions.Count)
        {
            throw new ArgumentException($"Expected {_fusions.Count} layers; there are {layers.Count}.", parameter);
        }
    }
}
