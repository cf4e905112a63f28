using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>How much of a <see cref="LocalAnalysis"/> is looked at.</summary>
public sealed record LocalAnalysisOptions
{
    /// <summary>What turns the image as it is drawn into what the network takes; null, the default, where it is the same.</summary>
    public Func<Tensor, Tensor>? Preprocess { get; init; }

    /// <summary>How many of the most active prototypes, where there are so many; 10, the authors', by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Prototypes
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Prototypes), value, "Expected at least 1.");
    } = 10;

    /// <summary>How many of the likeliest classes, where there are so many; 50, the authors', by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Classes
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Classes), value, "Expected at least 1.");
    } = 50;
}
