using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Teaches a student where to look: the distance of the attention maps of two layers, each |f|² averaged over the channels and divided by its norm
/// (Zagoruyko and Komodakis, "Paying More Attention to Attention", 2017).
/// </summary>
/// <remarks>Channels may differ; the larger of two maps is averaged to the size of the smaller. A loss over several layers is the sum over pairs.</remarks>
public sealed class AttentionTransferLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly AttentionTransferLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">How maps are made and compared; <see cref="AttentionTransferLossOptions.Official"/> where null.</param>
    public AttentionTransferLoss(AttentionTransferLossOptions? options = null)
        : base(nameof(AttentionTransferLoss)) => _options = options ?? AttentionTransferLossOptions.Official;

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Maps [N, C', H', W'] of the same type and on the same device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Maps [N, C', H', W'] of the same type and on the same device; a constant.</param>
    /// <param name="options">How maps are made and compared; <see cref="AttentionTransferLossOptions.Official"/> where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, AttentionTransferLossOptions? options = null)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: false);
        options ??= AttentionTransferLossOptions.Official;
        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            (s, t) = FeaturePair.SameSize(s, t);
            return HasKernel(s, t, options) ? AttentionKernel.Of(s, t, options) : InTensors(s, t, options);
        });
    }

    /// <summary>The attention map of a layer.</summary>
    /// <param name="features">Maps [N, C, H, W] of a floating type.</param>
    /// <param name="options">How the map is made; <see cref="AttentionTransferLossOptions.Official"/> where null.</param>
    /// <returns>[N, H·W], each row of the norm 1.</returns>
    /// <exception cref="ArgumentException">The features are no maps.</exception>
    public static Tensor Attention(Tensor features, AttentionTransferLossOptions? options = null)
    {
        FeatureChecks.Map(features, nameof(features));
        options ??= AttentionTransferLossOptions.Official;
        using var scope = NewDisposeScope();
        var powers = options.Power == 2 ? features.square() : features.abs().pow(options.Power);
        var map = (options.SumChannels ? powers.sum([1]) : powers.mean([1])).flatten(1);
        if (!options.AddEpsilon)
        {
            return nn.functional.normalize(map, eps: options.Epsilon).MoveToOuterDisposeScope();
        }

        return (map / (map.norm(1, true, 2) + options.Epsilon)).MoveToOuterDisposeScope();
    }

    /// <summary>The loss in tensor operations, of any device and floating type, differentiable as often as wanted.</summary>
    internal static Tensor InTensors(Tensor student, Tensor teacher, AttentionTransferLossOptions options)
    {
        var difference = Attention(student, options) - Attention(teacher, options);
        return options.Distance == MapDistance.MeanSquare ? difference.square().mean() : difference.norm(1, false, 2).mean();
    }

    private static bool HasKernel(Tensor student, Tensor teacher, AttentionTransferLossOptions options) =>
        options.Power == 2 && student.dtype == ScalarType.Float32 && student.numel() > 0 && student.FitsSpan() && teacher.FitsSpan();
}
