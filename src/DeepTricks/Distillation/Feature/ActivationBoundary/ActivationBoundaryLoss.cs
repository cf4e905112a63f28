using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Moves a student's pre-activations to the side of 0 on which the teacher's are, with a margin; how large they are beyond it does not matter
/// (Heo et al., "Knowledge Transfer via Distillation of Activation Boundaries Formed by Hidden Neurons", 2019).
/// </summary>
public sealed class ActivationBoundaryLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly ActivationBoundaryLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">Margin and scale; <see cref="ActivationBoundaryLossOptions.Official"/> where null.</param>
    public ActivationBoundaryLoss(ActivationBoundaryLossOptions? options = null)
        : base(nameof(ActivationBoundaryLoss)) => _options = options ?? ActivationBoundaryLossOptions.Official;

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Features [N, ...] of a floating type before the activation, behind the connector.</param>
    /// <param name="teacher">The teacher's, before the activation, of the same shape, type and device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">Features [N, ...] of a floating type before the activation, behind the connector.</param>
    /// <param name="teacher">The teacher's, before the activation, of the same shape, type and device; a constant.</param>
    /// <param name="options">Margin and scale; <see cref="ActivationBoundaryLossOptions.Official"/> where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, ActivationBoundaryLossOptions? options = null)
    {
        FeatureChecks.SameShape(student, teacher);
        options ??= ActivationBoundaryLossOptions.Official;
        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            // The way still to go: m − s where the teacher is active, s + m where it is not.
            var sign = (t > 0).to(s.dtype) * 2 - 1;
            return FeaturePair.Reduce((options.Margin - (s * sign)).clamp_min(0).square(), options);
        });
    }
}
