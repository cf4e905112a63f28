using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Half the mean square of maps whose channels are standardised over the batch and the places, which is 1 minus Pearson's correlation: magnitudes do not matter
/// (Cao et al., "PKD: General Distillation Framework for Object Detectors via Pearson Correlation Coefficient", 2022), as mmrazor has it.
/// </summary>
public sealed class PearsonFeatureLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private const double Epsilon = 1e-6;

    /// <summary>Makes the loss as a module.</summary>
    public PearsonFeatureLoss()
        : base(nameof(PearsonFeatureLoss))
    {
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Maps [N, C, H', W'] of the same type and on the same device; a constant. The student's are brought to their size by bilinear interpolation.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Maps [N, C, H', W'] of the same type and on the same device; a constant. The student's are brought to their size by bilinear interpolation.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: true);
        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            var sized = s.shape.SequenceEqual(t.shape) ? s : nn.functional.interpolate(s, t.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);
            return nn.functional.mse_loss(Standardized(sized), Standardized(t)) / 2;
        });
    }

    private static Tensor Standardized(Tensor map)
    {
        var rows = map.transpose(0, 1).flatten(1);
        return (rows - rows.mean([1], keepdim: true)) / (rows.std([1], unbiased: true, keepdim: true) + Epsilon);
    }
}
