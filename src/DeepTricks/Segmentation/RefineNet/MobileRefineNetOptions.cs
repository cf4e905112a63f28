using DeepTricks.Backbones;

namespace DeepTricks.Segmentation;

/// <summary>A <see cref="MobileRefineNet"/>: the default is the RF-LW-MBv2 of DrSleep/light-weight-refinenet.</summary>
public sealed record MobileRefineNetOptions : RefinementNetworkOptions
{
    /// <summary>
    /// The encoder; MobileNetV2 of width 1 by default. Its <see cref="BackboneOptions.NumClasses"/> and <see cref="MobileNetV2Options.Dropout"/> do not count, its
    /// normalisation is the network's only one, and its device and generator are those of the decoder as well.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public MobileNetV2Options Backbone { get; init => field = value ?? throw new ArgumentNullException(nameof(Backbone)); } = new();
}
