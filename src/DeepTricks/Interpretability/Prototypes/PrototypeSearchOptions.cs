using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>How images are searched for the patches nearest to prototypes.</summary>
public sealed record PrototypeSearchOptions
{
    /// <summary>
    /// What turns images as they are drawn into those that the network takes, such as a normalisation; null, the default, where they are the same. What it
    /// returns is disposed of.
    /// </summary>
    public Func<Tensor, Tensor>? Preprocess { get; init; }

    /// <summary>Whether a prototype is projected onto images of its own class alone; true by default. Searches for the nearest patches look at all images.</summary>
    public bool ClassSpecific { get; init; } = true;

    /// <summary>The percentile of the boxes; 95, the authors', by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 100].</exception>
    public double Percentile
    {
        get;
        init => field = value is >= 0 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(Percentile), value, "Expected 0 to 100.");
    }
        = PrototypeActivation.DefaultPercentile;
}
