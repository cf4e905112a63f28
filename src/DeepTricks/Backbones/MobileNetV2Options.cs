namespace DeepTricks.Backbones;

/// <summary>The network of Sandler et al. ("MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018) as torchvision builds it.</summary>
public sealed record MobileNetV2Options : BackboneOptions
{
    /// <summary>What all numbers of channels are multiplied by; above 0, 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or not finite.</exception>
    public double WidthMultiplier { get; init => field = Channels.CheckMultiplier(value, nameof(WidthMultiplier)); } = 1;

    /// <summary>Numbers of channels are rounded to a multiple of this; at least 1, 8 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int RoundNearest
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(RoundNearest), value, "Expected at least 1.");
    }
        = 8;

    /// <summary>The probability of dropout before the classifier; 0.2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Dropout { get; init => field = Probability.Check(value, nameof(Dropout)); } = 0.2;
}
