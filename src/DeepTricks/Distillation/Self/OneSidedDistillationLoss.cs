using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>KL(softmax(t/T) ‖ softmax(s)): only the teacher is softened, so that the student of the same size is not held to its certainty. For <see cref="SnapshotTeacher"/>.</summary>
/// <param name="temperature">T; 2 by default.</param>
public sealed class OneSidedDistillationLoss(double temperature = 2) : nn.Module<Tensor, Tensor, Tensor>(nameof(OneSidedDistillationLoss))
{
    private static readonly KnowledgeDistillationLossOptions Unsoftened = new() { Temperature = 1 };
    private readonly double _temperature = LogitChecks.Positive(temperature);

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Logits [N, C].</param>
    /// <param name="teacher">Logits [N, C]; get no gradient.</param>
    /// <returns>A scalar, the mean over the samples.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        LogitChecks.Logits(student, teacher);
        using var scope = NewDisposeScope();
        return KnowledgeDistillationLoss.ComputeTowards(student, (teacher.detach() / _temperature).softmax(1), Unsoftened).MoveToOuterDisposeScope();
    }
}
