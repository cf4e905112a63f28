using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The flow of the solution procedure: from each layer to the next, the products of their channels over all positions, F₁·F₂ᵀ / (H·W), shall be the teacher's
/// (Yim et al., "A Gift from Knowledge Distillation", CVPR 2017; the forms of RepDistiller and torchdistill are in the options).
/// </summary>
/// <remarks>
/// The paper and RepDistiller use it alone before the training on labels, for some epochs; RepDistiller's weight of 50 has no effect there. Layers of student and
/// teacher have the same channels.
/// </remarks>
public sealed class FspLoss : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, Tensor>
{
    private readonly FspLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; RepDistiller's where null.</param>
    public FspLoss(FspLossOptions? options = null)
        : base(nameof(FspLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch, summed over pairs of consecutive layers.</summary>
    /// <param name="student">The student's maps [B, C, H, W] in order, two or more, of a floating type.</param>
    /// <param name="teacher">The teacher's maps with the same channels, of the same type and on the same device; constants.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A count, shape, type or device does not fit.</exception>
    public override Tensor forward(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">The student's maps [B, C, H, W] in order, two or more, of a floating type.</param>
    /// <param name="teacher">The teacher's maps with the same channels, of the same type and on the same device; constants.</param>
    /// <param name="options">The settings; RepDistiller's where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A count, shape, type or device does not fit.</exception>
    public static Tensor Compute(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher, FspLossOptions? options = null)
    {
        RelationChecks.Check(student, teacher, least: 2, dimensions: 4);
        options ??= new();
        var weights = options.PairWeights;
        if (weights is not null && weights.Count != student.Count - 1)
        {
            throw new ArgumentException($"Expected a weight for each of {student.Count - 1} pairs of layers; there are {weights.Count}.", nameof(options));
        }

        for (var i = 0; i < student.Count; i++)
        {
            RelationChecks.CheckSame("channels", student[i], teacher[i], 1);
        }

        using var scope = NewDisposeScope();
        var loss = Enumerable.Range(0, student.Count - 1)
            .Select(i => OfPair(Flow(student[i], student[i + 1], options), Flow(teacher[i].detach(), teacher[i + 1].detach(), options), options) * (weights?[i] ?? 1))
            .Aggregate((sum, pair) => sum + pair);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>The products of two maps' channels, [B, C₁, C₂].</summary>
    private static Tensor Flow(Tensor first, Tensor second, FspLossOptions options)
    {
        long[] size = [Math.Min(first.shape[2], second.shape[2]), Math.Min(first.shape[3], second.shape[3])];
        var (a, b) = (Pooled(first).flatten(2), Pooled(second).flatten(2));
        return a.bmm(b.transpose(1, 2)) / (size[0] * size[1]);

        Tensor Pooled(Tensor map) => map.shape[2] == size[0] && map.shape[3] == size[1] ? map
            : options.Pooling == FspPooling.Average ? nn.functional.adaptive_avg_pool2d(map, size)
            : nn.functional.adaptive_max_pool2d(map, size);
    }

    private static Tensor OfPair(Tensor student, Tensor teacher, FspLossOptions options)
    {
        var squares = (student - teacher).square();
        if (options.Distance == FspDistance.MeanSquare)
        {
            return squares.mean();
        }

        // The root has no finite slope at 0, where a column is the teacher's already.
        var columns = squares.sum([1L]);
        var apart = columns.gt(0);
        return (columns.where(apart, torch.ones_like(columns)).sqrt() * apart).sum() / student.shape[0];
    }
}
