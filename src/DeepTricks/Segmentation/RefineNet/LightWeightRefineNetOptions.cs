using DeepTricks.Backbones;

namespace DeepTricks.Segmentation;

/// <summary>A <see cref="LightWeightRefineNet"/>: the default is the RF-LW-50 of DrSleep/light-weight-refinenet.</summary>
public sealed record LightWeightRefineNetOptions : RefinementNetworkOptions
{
    /// <summary>
    /// The encoder; ResNet-50 by default. Its <see cref="BackboneOptions.NumClasses"/> does not count, its normalisation is the network's only one, and its
    /// device and generator are those of the decoder as well.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ResNetOptions Backbone { get; init => field = value ?? throw new ArgumentNullException(nameof(Backbone)); } = ResNetOptions.ResNet50;

    /// <summary>The probability of dropout on the two coarsest features; 0.5 by default, as in DrSleep/light-weight-refinenet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Dropout { get; init => field = Probability.Check(value, nameof(Dropout)); } = 0.5;
}
