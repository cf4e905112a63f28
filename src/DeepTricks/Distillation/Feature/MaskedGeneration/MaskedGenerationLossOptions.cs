namespace DeepTricks.Distillation;

/// <summary>What a <see cref="MaskedGenerationLoss"/> hides.</summary>
public sealed record MaskedGenerationLossOptions
{
    private const double MostPlaces = 0.65;

    /// <summary>The share of what is hidden, from 0 to below 1; 0.65 by default, as in mmrazor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no such share.</exception>
    public double MaskRatio
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaskRatio), value, "Expected a share from 0 to below 1.");
    }
        = MostPlaces;

    /// <summary>Whether whole channels are hidden rather than places; false by default.</summary>
    public bool MaskChannels { get; init; }
}
