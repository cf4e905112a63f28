using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// A light network and its booster, which share their lower layers and learn at once: both from the labels, and the light one's logits from the booster's, whose gradient is blocked
/// (Zhou et al., "Rocket Launching: A Universal and Efficient Framework for Training Well-performing Light Net", 2018).
/// </summary>
/// <remarks>
/// The hint is a <see cref="HintLoss"/> of the logits, light first, summed over the classes (zhougr1993/Rocket-Launching); it takes the booster's side as a constant, which is
/// the block. Afterwards <see cref="Light"/> alone is used.
/// </remarks>
public sealed class RocketNetwork : nn.Module<Tensor, (Tensor Light, Tensor Booster)>
{
    /// <summary>The sum of the squared differences of the logits of a sample, averaged over the samples.</summary>
    public static HintLossOptions Hint { get; } = new() { Reduction = FeatureReduction.SampleMean };

    [ComponentName(Name = "shared")] private readonly nn.Module<Tensor, Tensor> _shared;
    [ComponentName(Name = "light")] private readonly nn.Module<Tensor, Tensor> _light;
    [ComponentName(Name = "booster")] private readonly nn.Module<Tensor, Tensor> _booster;

    /// <summary>Puts the network together.</summary>
    /// <param name="shared">The layers that both begin with.</param>
    /// <param name="light">The rest of the light network, to its logits.</param>
    /// <param name="booster">The rest of the booster, to its logits.</param>
    public RocketNetwork(nn.Module<Tensor, Tensor> shared, nn.Module<Tensor, Tensor> light, nn.Module<Tensor, Tensor> booster)
        : base(nameof(RocketNetwork))
    {
        ArgumentNullException.ThrowIfNull(shared);
        ArgumentNullException.ThrowIfNull(light);
        ArgumentNullException.ThrowIfNull(booster);
        (_shared, _light, _booster) = (shared, light, booster);
        RegisterComponents();
    }

    /// <summary>Both networks' logits.</summary>
    /// <param name="input">What the shared layers take.</param>
    /// <returns>The light network's logits and the booster's.</returns>
    public override (Tensor Light, Tensor Booster) forward(Tensor input)
    {
        using var features = _shared.call(input);
        return (_light.call(features), _booster.call(features));
    }

    /// <summary>The light network alone, as it is used after training.</summary>
    /// <param name="input">What the shared layers take.</param>
    /// <returns>Its logits.</returns>
    public Tensor Light(Tensor input)
    {
        using var features = _shared.call(input);
        return _light.call(features);
    }
}
