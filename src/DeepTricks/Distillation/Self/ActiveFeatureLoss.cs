using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The sum of (s − t)² over the elements where the student's feature or the teacher's is above 0, as in the code of <see cref="BeYourOwnTeacher"/>.</summary>
public sealed class ActiveFeatureLoss() : nn.Module<Tensor, Tensor, Tensor>(nameof(ActiveFeatureLoss))
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Features of any shape.</param>
    /// <param name="teacher">Features of the same shape; get no gradient.</param>
    /// <returns>A scalar, a sum.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        LogitChecks.Pair(student, teacher);
        using var scope = NewDisposeScope();
        var target = teacher.detach();
        var active = student.detach().gt(0).logical_or(target.gt(0));
        return ((student - target).square() * active).sum().MoveToOuterDisposeScope();
    }
}
