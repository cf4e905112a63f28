using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The mean square between the logits of student and teacher (Ba and Caruana, "Do Deep Nets Really Need to be Deep?", 2014); weighted 0.1 in Knowledge Distillation Zoo.</summary>
/// <remarks>What <see cref="KnowledgeDistillationLoss"/> tends to at high temperatures, where the logits have the mean 0. It serves any outputs of one shape: heat-maps, box offsets, values.</remarks>
public sealed class LogitMatchingLoss() : nn.Module<Tensor, Tensor, Tensor>(nameof(LogitMatchingLoss))
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Of any shape and a floating type.</param>
    /// <param name="teacher">Of the same shape, type and device; gets no gradient.</param>
    /// <returns>A scalar, the mean over all elements.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher);

    /// <inheritdoc cref="forward(Tensor, Tensor)"/>
    public static Tensor Compute(Tensor student, Tensor teacher)
    {
        LogitChecks.Pair(student, teacher);
        using var scope = NewDisposeScope();
        return (student - teacher.detach()).square().mean().MoveToOuterDisposeScope();
    }
}
