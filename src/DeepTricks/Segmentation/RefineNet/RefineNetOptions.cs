using DeepTricks.Backbones;

namespace DeepTricks.Segmentation;

/// <summary>A <see cref="RefineNet"/>: the default is the RF101 of DrSleep/refinenet-pytorch.</summary>
public sealed record RefineNetOptions : RefinementNetworkOptions
{
    /// <summary>
    /// The encoder; ResNet-101 by default. Its <see cref="BackboneOptions.NumClasses"/> does not count, its normalisation is the network's only one, and its
    /// device and generator are those of the decoder as well.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ResNetOptions Backbone { get; init => field = value ?? throw new ArgumentNullException(nameof(Backbone)); } = ResNetOptions.ResNet101;

    /// <summary>The probability of dropout on the two coarsest features and before the classifier; 0.5 by default, as in DrSleep/refinenet-pytorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Dropout { get; init => field = Probability.Check(value, nameof(Dropout)); } = 0.5;
}
