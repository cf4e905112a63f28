using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The distance of a student's gradients from a teacher's, which <see cref="InputGradient"/> takes (Czarnecki et al., "Sobolev Training for Neural Networks", 2017; Srinivas and Fleuret,
/// "Knowledge Transfer with Jacobian Matching", 2018; Zagoruyko and Komodakis, 2017, section 3.2). Its way back goes through the student's gradient, so it costs a second derivative.
/// </summary>
public sealed class GradientMatchingLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly GradientMatchingLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">How gradients are compared; <see cref="GradientMatchingLossOptions.KdZoo"/> where null.</param>
    public GradientMatchingLoss(GradientMatchingLossOptions? options = null)
        : base(nameof(GradientMatchingLoss)) => _options = options ?? GradientMatchingLossOptions.KdZoo;

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">The student's gradients [N, ...], differentiable.</param>
    /// <param name="teacher">The teacher's, of the same shape, type and device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">The student's gradients [N, ...], differentiable.</param>
    /// <param name="teacher">The teacher's, of the same shape, type and device; a constant.</param>
    /// <param name="options">How gradients are compared; <see cref="GradientMatchingLossOptions.KdZoo"/> where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, GradientMatchingLossOptions? options = null)
    {
        FeatureChecks.SameShape(student, teacher);
        FeatureChecks.Rows(student, teacher);
        options ??= GradientMatchingLossOptions.KdZoo;
        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            var difference = Rows(s) - Rows(t);
            return options.Distance == MapDistance.MeanSquare ? difference.square().mean() : difference.norm(1, false, 2).mean();
        });

        Tensor Rows(Tensor gradient) => options.Normalized ? nn.functional.normalize(gradient.flatten(1)) : gradient.flatten(1);
    }
}
