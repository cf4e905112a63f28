using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The flow between the leading singular vectors of consecutive layers shall be the teacher's
/// (Lee et al., "Self-supervised Knowledge Distillation Using Singular Value Decomposition", ECCV 2018; equal to RepDistiller's KDSVD).
/// </summary>
/// <remarks>
/// <para>
/// Maps are matrices of positions × channels. Of the student k + 3 vectors are taken, and to each of the teacher's k the one that is most nearly parallel, its
/// sign included; both are scaled by the teacher's values. From layer to layer all pairs of components make exp(−(a − b)²/8); squared differences are summed,
/// over B. mdistiller decomposes another matrix, of channels·rows × columns.
/// </para>
/// <para>
/// RepDistiller leaves the signs of the teacher's vectors to LAPACK, on which its value depends; here the largest component is positive. Its gradient is not
/// finite where singular values coincide; here it is (see the card). It is differentiable once.
/// </para>
/// </remarks>
public sealed class KdSvdLoss : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, Tensor>
{
    /// <summary>k = 1, as in RepDistiller.</summary>
    public const int DefaultVectors = 1;

    /// <summary>Of how many more of its vectors the student's are chosen.</summary>
    private const int MoreOfStudent = 3;

    /// <summary>Twice the squared width of the radial basis.</summary>
    private const double RadialWidth = 8;

    private readonly int _vectors;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="vectors">k, how many of the teacher's vectors count; at least 1, 1 by default.</param>
    public KdSvdLoss(int vectors = DefaultVectors)
        : base(nameof(KdSvdLoss)) => _vectors = CheckVectors(vectors);

    /// <summary>The loss of a batch, summed over pairs of consecutive layers.</summary>
    /// <param name="student">The student's maps [B, C, H, W] in order, two or more, of a floating type.</param>
    /// <param name="teacher">The teacher's maps with the same channels, of the same type and on the same device; constants.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A count, shape, type or device does not fit.</exception>
    public override Tensor forward(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher) => Compute(student, teacher, _vectors);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">The student's maps [B, C, H, W] in order, two or more, of a floating type.</param>
    /// <param name="teacher">The teacher's maps with the same channels, of the same type and on the same device; constants.</param>
    /// <param name="vectors">k, how many of the teacher's vectors count; at least 1, 1 by default.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A count, shape, type or device does not fit.</exception>
    public static Tensor Compute(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher, int vectors = DefaultVectors)
    {
        RelationChecks.Check(student, teacher, least: 2, dimensions: 4);
        CheckVectors(vectors);
        for (var i = 0; i < student.Count; i++)
        {
            RelationChecks.CheckSame("channels", student[i], teacher[i], 1);
        }

        using var scope = NewDisposeScope();
        var type = student[0].dtype;
        var layers = student.Select((layer, i) => Aligned(Exact(layer), Exact(teacher[i].detach()), vectors)).ToArray();
        var loss = layers.Zip(layers[1..], (before, after) => OfPair(before, after)).Aggregate((sum, pair) => sum + pair);
        return (loss / student[0].shape[0]).to(type).MoveToOuterDisposeScope();
    }

    /// <summary>One layer's vectors, the student's chosen and turned as the teacher's, both scaled by the teacher's values.</summary>
    internal static (Tensor Student, Tensor Teacher) Aligned(Tensor student, Tensor teacher, int vectors, int ofStudent, bool scaled)
    {
        var (values, theirs) = SingularVectors.Leading(teacher, vectors);
        var (_, own) = SingularVectors.Leading(student, ofStudent);
        var cosines = own.detach().transpose(1, 2).bmm(theirs);
        var chosen = cosines.sign() * cosines.abs().eq(cosines.abs().amax([1L], keepdim: true));
        var aligned = own.bmm(chosen);
        return scaled ? (aligned * values.unsqueeze(1), theirs * values.unsqueeze(1)) : (aligned, theirs);
    }

    private static (Tensor Student, Tensor Teacher) Aligned(Tensor student, Tensor teacher, int vectors) =>
        Aligned(student, teacher, vectors, vectors + MoreOfStudent, scaled: true);

    /// <summary>The decomposition needs single precision at least.</summary>
    internal static Tensor Exact(Tensor layer) => layer.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? layer.to(ScalarType.Float32) : layer;

    private static Tensor OfPair((Tensor Student, Tensor Teacher) before, (Tensor Student, Tensor Teacher) after) =>
        (Flow(before.Student, after.Student) - Flow(before.Teacher, after.Teacher)).square().sum();

    /// <summary>All pairs of components, [B, C₂, C₁, k].</summary>
    private static Tensor Flow(Tensor before, Tensor after) => ((after.unsqueeze(2) - before.unsqueeze(1)).square() / -RadialWidth).exp();

    private static int CheckVectors(int vectors) =>
        vectors >= 1 ? vectors : throw new ArgumentOutOfRangeException(nameof(vectors), vectors, "Expected at least one vector.");
}
