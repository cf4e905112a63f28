using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Correlation congruence as its authors ran it: with d the differences of embedded features, the mean over consecutive samples of |dᵢ|·|dᵢ₊₁|
/// (Peng et al., "Correlation Congruence for Knowledge Distillation", ICCV 2019; equal to RepDistiller, who has it from the authors).
/// </summary>
/// <remarks>
/// <para>Usually weighted with 0.02, on the features before the last layer. The two embeddings learn with the student. It depends on the order of the batch.</para>
/// <para>A batch of one sample has no neighbours: its loss is 0.</para>
/// </remarks>
public sealed class ConsecutiveCorrelationLoss : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>128, as in RepDistiller.</summary>
    public const long DefaultEmbeddingSize = 128;

#pragma warning disable IDE1006 // Names of the state dict.
    private readonly Linear embed_s;
    private readonly Linear embed_t;
#pragma warning restore IDE1006

    /// <summary>Makes the loss with two linear embeddings.</summary>
    /// <param name="studentFeatures">How many features a sample of the student has, all dimensions together.</param>
    /// <param name="teacherFeatures">How many features a sample of the teacher has, all dimensions together.</param>
    /// <param name="embeddingSize">The width of the embeddings; 128 by default.</param>
    public ConsecutiveCorrelationLoss(long studentFeatures, long teacherFeatures, long embeddingSize = DefaultEmbeddingSize)
        : base(nameof(ConsecutiveCorrelationLoss))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(studentFeatures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(teacherFeatures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(embeddingSize, 1);
        embed_s = nn.Linear(studentFeatures, embeddingSize);
        embed_t = nn.Linear(teacherFeatures, embeddingSize);
        RegisterComponents();
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">The student's features [B, ...], of the embeddings' type.</param>
    /// <param name="teacher">The teacher's features [B, ...], of the same type and on the same device; a constant, whose embedding learns.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        RelationChecks.Check(student, teacher);
        using var scope = NewDisposeScope();
        return OfEmbedded(Embedded(embed_s, student, nameof(student)), Embedded(embed_t, teacher.detach(), nameof(teacher))).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of features that have the same width already, without an embedding.</summary>
    /// <param name="student">The student's features [B, D], of a floating type.</param>
    /// <param name="teacher">The teacher's features [B, D], of the same type and on the same device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher)
    {
        RelationChecks.Check(student, teacher, dimensions: 2);
        RelationChecks.CheckSame("features", student, teacher, 1);
        using var scope = NewDisposeScope();
        return OfEmbedded(student, teacher.detach()).MoveToOuterDisposeScope();
    }

    private static Tensor OfEmbedded(Tensor student, Tensor teacher)
    {
        var differences = (student - teacher).abs();
        var pairs = differences.shape[0] - 1;
        return pairs == 0 ? differences.sum() * 0 : (differences.narrow(0, 0, pairs) * differences.narrow(0, 1, pairs)).sum() / pairs;
    }

    private static Tensor Embedded(Linear embedding, Tensor features, string name)
    {
        var flat = features.flatten(1);
        return flat.shape[1] == embedding.weight!.shape[1]
            ? embedding.call(flat)
            : throw new ArgumentException($"Expected {embedding.weight!.shape[1]} features of each sample; the shape is {features.ShapeText()}.", name);
    }
}
