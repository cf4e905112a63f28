using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The mean absolute difference of two class activation maps, each divided by its norm: the attention term of Dhar et al., "Learning without Memorizing", 2019, as
/// Knowledge-Distillation-Zoo has it with the weight 0.4. The maps come from <see cref="ClassActivationMap"/>.
/// </summary>
public sealed class ClassActivationLoss : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the loss as a module.</summary>
    public ClassActivationLoss()
        : base(nameof(ClassActivationLoss))
    {
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">The student's maps [N, H, W], differentiable.</param>
    /// <param name="teacher">The teacher's maps [N, H', W']; a constant. The larger map is averaged to the size of the smaller.</param>
    /// <returns>A scalar, averaged over samples and places.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">The student's maps [N, H, W], differentiable.</param>
    /// <param name="teacher">The teacher's maps [N, H', W']; a constant. The larger map is averaged to the size of the smaller.</param>
    /// <returns>A scalar, averaged over samples and places.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher)
    {
        FeatureChecks.Rows(student, teacher);
        if (student.dim() != 3 || teacher.dim() != 3)
        {
            throw new ArgumentException($"Expected maps of shape [N, H, W]; the shapes are {student.ShapeText()} and {teacher.ShapeText()}.", nameof(student));
        }

        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            (s, t) = FeaturePair.SameSize(s.unsqueeze(1), t.unsqueeze(1));
            return nn.functional.l1_loss(nn.functional.normalize(s.flatten(1)), nn.functional.normalize(t.flatten(1)));
        });
    }
}
