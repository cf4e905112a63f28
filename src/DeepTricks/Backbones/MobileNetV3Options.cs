namespace DeepTricks.Backbones;

/// <summary>
/// The networks of Howard et al. ("Searching for MobileNetV3", 2019) as torchvision builds them: <c>MobileNetV3Options.Small with { NumClasses = 21 }</c>. The
/// default is the large one. Its own normalisation is BatchNorm2d with ε 0.001 and momentum 0.01.
/// </summary>
public sealed record MobileNetV3Options : BackboneOptions
{
    /// <summary>The large network, table 1 of the paper.</summary>
    public static MobileNetV3Options Large { get; } = new();

    /// <summary>The small network, table 2 of the paper.</summary>
    public static MobileNetV3Options Small { get; } = new() { IsSmall = true };

    /// <summary>Whether it is the small network; false by default.</summary>
    public bool IsSmall { get; init; }

    /// <summary>What all numbers of channels are multiplied by; above 0, 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or not finite.</exception>
    public double WidthMultiplier { get; init => field = Channels.CheckMultiplier(value, nameof(WidthMultiplier)); } = 1;

    /// <summary>Whether the last stage has half the channels, as for segmentation and detection in the paper; false by default.</summary>
    public bool ReducedTail { get; init; }

    /// <summary>Whether dilation takes the place of the last stage's stride; false by default.</summary>
    public bool Dilated { get; init; }

    /// <summary>The probability of dropout in the classifier; 0.2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Dropout { get; init => field = Probability.Check(value, nameof(Dropout)); } = 0.2;
}
