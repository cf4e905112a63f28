using DeepTricks.Losses;

namespace DeepTricks.Priors;

/// <summary>What evidence a <see cref="CamConstraint"/> does not want. No publication names defaults; these keep the penalty in the unit of a logit.</summary>
public sealed record CamConstraintOptions
{
    /// <summary>What multiplies the term; at least 0, 1 by default.</summary>
    public double Weight { get; init => field = SegmentationChecks.NotNegative(value); } = 1;

    /// <summary>Which evidence costs; that for the class by default.</summary>
    public EvidencePart Part { get; init; }

    /// <summary>Whether the evidence counts squared; false by default: its own size has the same slope down to 0.</summary>
    public bool Squared { get; init; }

    /// <summary>What a sample's evidence is divided by; the places of the map by default.</summary>
    public EvidenceReduction Reduction { get; init; }

    /// <summary>How masks meet maps of another size; a place is inside where any pixel under it is, by default.</summary>
    public MaskMatch Match { get; init; }

    /// <summary>
    /// By how many places (of the map, or of the mask where that has the larger size and <see cref="MaskMatch.EnlargeEvidence"/> is set) the object is widened: a place sees more
    /// than lies under it. At least 0, the default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Margin
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Margin), value, "Expected a margin of at least 0.");
    }

    /// <summary>
    /// The binary, single-map form: the one class whose evidence is kept inside the object on every sample, whatever its label. Null, the default, takes each sample's own
    /// class. A classifier with one output has this form anyway.
    /// </summary>
    public long? Class { get; init; }

    /// <summary>Whether the single-map form counts only the samples that are of the class; false by default.</summary>
    public bool PositivesOnly { get; init; }

    /// <summary>
    /// Whether evidence is taken relative to the mean over the classes, which is what a softmax sees; true by default. With the class's own map alone, background goes on
    /// speaking for the class by speaking against all others, and networks do learn that. Evidence for other classes is free either way. Without meaning for one output.
    /// </summary>
    public bool Relative { get; init; } = true;
}
