namespace DeepTricks.Distillation;

/// <summary>The shape of a <see cref="Paraphraser"/> or <see cref="Translator"/>.</summary>
public sealed record FactorOptions
{
    private const double HalfAsManyChannels = 0.5;

    /// <summary>k: the channels of the factor over those of the teacher, above 0; 0.5 by default, as in RepDistiller.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Rate { get; init => field = LogitChecks.Positive(value, nameof(Rate)); } = HalfAsManyChannels;

    /// <summary>Whether each convolution is followed by a normalisation; null, the default, for RepDistiller's choice: none in the paraphraser, one in the translator.</summary>
    public bool? Normalized { get; init; }
}
