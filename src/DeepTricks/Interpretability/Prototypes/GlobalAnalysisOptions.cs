namespace DeepTricks.Interpretability;

/// <summary>How much of a <see cref="GlobalAnalysis"/> is looked at.</summary>
public sealed record GlobalAnalysisOptions
{
    /// <summary>How many patches of each prototype, at least 1; 5 by default, as the authors take of test images (and 6 of training images, the first being the prototype itself).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Count
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Count), value, "Expected at least 1.");
    } = 5;

    /// <summary>Which prototypes; null, the default, for all. The images of their patches are kept, so that name a few of thousands.</summary>
    public IReadOnlyList<int>? Prototypes { get; init; }

    /// <summary>What is done to the images before; see <see cref="PrototypeSearchOptions"/> for the defaults.</summary>
    public PrototypeSearchOptions Search { get; init; } = new();
}
