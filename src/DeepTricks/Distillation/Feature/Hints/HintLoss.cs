using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The squared distance of a student's guided layer, behind its regressor, from a teacher's hint (Romero et al., "FitNets: Hints for Thin Deep Nets", 2015).
/// The regressor is a connector (<see cref="Connector"/>, <see cref="ConvolutionalRegressor"/>).
/// </summary>
public sealed class HintLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly HintLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The reduction; <see cref="HintLossOptions.RepDistiller"/> where null.</param>
    public HintLoss(HintLossOptions? options = null)
        : base(nameof(HintLoss)) => _options = options ?? HintLossOptions.RepDistiller;

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Features [N, ...] of a floating type.</param>
    /// <param name="teacher">The hint, of the same shape, type and device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">Features [N, ...] of a floating type.</param>
    /// <param name="teacher">The hint, of the same shape, type and device; a constant.</param>
    /// <param name="options">The reduction; <see cref="HintLossOptions.RepDistiller"/> where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, HintLossOptions? options = null)
    {
        FeatureChecks.SameShape(student, teacher);
        options ??= HintLossOptions.RepDistiller;
        return FeaturePair.Compare(student, teacher, (s, t) => FeaturePair.Reduce(nn.functional.mse_loss(s, t, nn.Reduction.None), options));
    }
}
