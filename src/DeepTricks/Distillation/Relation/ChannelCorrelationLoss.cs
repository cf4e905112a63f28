using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Inter-channel correlation: for each sample, which channels are alike shall be as in the teacher. Squared difference of the rows of F·Fᵀ [C, C], each
/// scaled to length 1, over C·B² (Liu et al., "Exploring Inter-Channel Correlation for Diversity-Preserved Knowledge Distillation", ICCV 2021;
/// equal to torchdistill's ChSimLoss, which follows the authors' code).
/// </summary>
/// <remarks>The division by B² instead of B is the authors'; they weight the loss with 2.5 on ImageNet.</remarks>
public sealed class ChannelCorrelationLoss : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the loss as a module.</summary>
    public ChannelCorrelationLoss()
        : base(nameof(ChannelCorrelationLoss))
    {
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">The student's maps [B, C, d1, ...], of a floating type.</param>
    /// <param name="teacher">The teacher's maps with as many channels, of the same type and on the same device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">The student's maps [B, C, d1, ...], of a floating type.</param>
    /// <param name="teacher">The teacher's maps with as many channels, of the same type and on the same device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher)
    {
        RelationChecks.Check(student, teacher);
        RelationChecks.CheckSame("channels", student, teacher, 1);
        using var scope = NewDisposeScope();
        var (batch, channels) = (student.shape[0], student.shape[1]);
        var loss = (Rows(student) - Rows(teacher.detach())).square().sum() / (channels * batch * batch);
        return loss.MoveToOuterDisposeScope();
    }

    private static Tensor Rows(Tensor map)
    {
        var flat = map.reshape(map.shape[0], map.shape[1], -1);
        return nn.functional.normalize(flat.bmm(flat.transpose(1, 2)), dim: 2);
    }
}
