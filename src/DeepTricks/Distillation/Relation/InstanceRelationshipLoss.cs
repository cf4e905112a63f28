using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The instance relationship graph: samples are vertices, their distances within a layer edges, and their way from one layer to the next transformations
/// (Liu et al., "Knowledge Distillation via Instance Relationship Graph", CVPR 2019; equal to Knowledge-Distillation-Zoo's one-to-one mode).
/// </summary>
/// <remarks>
/// <para>The mean square of the logits; of squared distances over their maximum, averaged over the layers; of the way between two consecutive maps
/// over its maximum, summed over the pairs. The authors' own code is in Caffe.</para>
/// <para>Where a map has k times the channels of the one before, each k neighbouring channels count as their mean (the Zoo knows k = 2).</para>
/// </remarks>
public sealed class InstanceRelationshipLoss : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, Tensor>
{
    private readonly InstanceRelationshipLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; those of Knowledge-Distillation-Zoo where null.</param>
    public InstanceRelationshipLoss(InstanceRelationshipLossOptions? options = null)
        : base(nameof(InstanceRelationshipLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">The student's layers in order, of a floating type: maps [B, C, H, W] or features [B, D], the logits last.</param>
    /// <param name="teacher">The teacher's layers in the same order, of the same type and on the same device; constants. Only the logits need the same shape.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A count, shape, type or device does not fit.</exception>
    public override Tensor forward(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">The student's layers in order, of a floating type: maps [B, C, H, W] or features [B, D], the logits last.</param>
    /// <param name="teacher">The teacher's layers in the same order, of the same type and on the same device; constants. Only the logits need the same shape.</param>
    /// <param name="options">The settings; those of Knowledge-Distillation-Zoo where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A count, shape, type or device does not fit.</exception>
    public static Tensor Compute(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher, InstanceRelationshipLossOptions? options = null)
    {
        RelationChecks.Check(student, teacher, least: 2);
        if (!student[^1].shape.SequenceEqual(teacher[^1].shape))
        {
            throw new ArgumentException(
                $"Expected logits of one shape last; the student's is {student[^1].ShapeText()}, the teacher's {teacher[^1].ShapeText()}.", nameof(teacher));
        }

        options ??= new();
        using var scope = NewDisposeScope();
        var constant = teacher.Select(layer => layer.detach()).ToArray();
        var layers = student.Count - 1;
        var loss = (student[^1] - constant[^1]).square().mean() * options.VertexWeight;
        for (var i = 0; i < layers; i++)
        {
            var edges = (Edges(student[i], options) - Edges(constant[i], options)).square().mean();
            loss += edges * (options.EdgeWeight / layers);
        }

        for (var i = 1; i < layers && options.TransformationWeight > 0; i++)
        {
            if (student[i - 1].dim() == 4 && student[i].dim() == 4)
            {
                var ways = Ways(student[i - 1], student[i], options, nameof(student)) - Ways(constant[i - 1], constant[i], options, nameof(teacher));
                loss += ways.square().mean() * options.TransformationWeight;
            }
        }

        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Squared distances of all pairs over the largest, [B, B].</summary>
    private static Tensor Edges(Tensor layer, InstanceRelationshipLossOptions options)
    {
        var points = layer.flatten(1);
        var products = points.mm(points.t());
        var own = products.diagonal();
        var others = 1 - eye(points.shape[0], device: points.device).to(points.dtype);
        var squares = (own.unsqueeze(0) + own.unsqueeze(1) - (products * 2)).clamp_min(options.SmallestSquare) * others;

        // One sample alone has no distance to be measured by.
        return points.shape[0] == 1 ? squares : squares / squares.max();
    }

    /// <summary>How far each sample goes from a map to the next, squared, over the farthest, [B].</summary>
    private static Tensor Ways(Tensor first, Tensor second, InstanceRelationshipLossOptions options, string name)
    {
        if (first.shape[2] > second.shape[2] || first.shape[3] > second.shape[3])
        {
            first = nn.functional.adaptive_avg_pool2d(first, second.shape[2..]);
        }

        var (before, after) = (first.shape[1], second.shape[1]);
        if (!first.shape[2..].SequenceEqual(second.shape[2..]) || after % before != 0)
        {
            throw new ArgumentException(
                $"Expected a map that is no larger than the one before and has a multiple of its channels; {second.ShapeText()} follows {first.ShapeText()}.",
                name);
        }

        if (after > before)
        {
            second = second.reshape(second.shape[0], before, after / before, second.shape[2], second.shape[3]).mean([2L]);
        }

        var ways = (first - second).flatten(1).square().sum([1L]).clamp_min(options.SmallestSquare);
        return ways / ways.max();
    }
}
