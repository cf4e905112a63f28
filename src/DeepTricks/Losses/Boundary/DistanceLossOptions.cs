namespace DeepTricks.Losses;

/// <summary>What losses of distances to a boundary share.</summary>
public abstract record DistanceLossOptions
{
    /// <summary>What turns scores into probabilities; softmax by default.</summary>
    public ScoreActivation Activation { get; init; }

    /// <summary>Pixels with this label, or this value of a mask, count for nothing, and are outside of every class; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = SegmentationInput.DefaultIgnoreIndex;

    /// <summary>Whether class 0 counts; false by default, as in MONAI. It always does where it is the only class.</summary>
    public bool IncludeBackground { get; init; }

    /// <summary>The size of a pixel along each side, such as millimetres; null, the default, for 1.</summary>
    public IReadOnlyList<double>? Spacing { get; init => field = Check(value); }

    /// <summary>The spacing for so many sides.</summary>
    internal double[] SpacingOf(int sides) => Spacing is null ? []
        : Spacing.Count == sides ? [.. Spacing]
        : throw new ArgumentException($"Expected a spacing for each of {sides} sides; there are {Spacing.Count}.", nameof(Spacing));

    private static IReadOnlyList<double>? Check(IReadOnlyList<double>? values)
    {
        foreach (var value in values ?? [])
        {
            SegmentationChecks.Positive(value, nameof(values));
        }

        return values;
    }
}
