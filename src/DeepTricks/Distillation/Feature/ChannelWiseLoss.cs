using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The divergence of two maps whose channels are each a distribution over the places (Shu et al., "Channel-wise Knowledge Distillation for Dense Prediction", 2021),
/// as mmrazor has it: τ² Σ KL / (N·C).
/// </summary>
public sealed class ChannelWiseLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly double _temperature;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="temperature">τ, above 0; 1 by default, as in mmrazor.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not above 0.</exception>
    public ChannelWiseLoss(double temperature = 1)
        : base(nameof(ChannelWiseLoss)) => _temperature = LogitChecks.Positive(temperature, nameof(temperature));

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type, or logits of a segmentation.</param>
    /// <param name="teacher">Maps of the same shape, type and device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _temperature);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type, or logits of a segmentation.</param>
    /// <param name="teacher">Maps of the same shape, type and device; a constant.</param>
    /// <param name="temperature">τ, above 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, double temperature = 1)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: true);
        FeatureChecks.SameShape(student, teacher);
        LogitChecks.Positive(temperature, nameof(temperature));
        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            var (own, wanted) = (Places(s), Places(t));
            return (wanted.exp() * (wanted - own)).sum() * (temperature * temperature / (s.shape[0] * s.shape[1]));
        });

        Tensor Places(Tensor map) => nn.functional.log_softmax(map.flatten(2) / temperature, 2);
    }
}
