namespace DeepTricks.Losses;

/// <summary>How multi-scale structural similarity is computed; by default as in Wang et al., 2003, for values in [0, 1].</summary>
public sealed record MsSsimLossOptions : SsimLossOptions
{
    private static readonly double[] PaperWeights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    /// <summary>The paper's settings as pytorch-msssim has them.</summary>
    public static MsSsimLossOptions Textbook { get; } = new();

    /// <summary>The settings of the authors of UNet3+: their formula, and a range of values guessed from the prediction.</summary>
    public static MsSsimLossOptions UNet3Plus { get; } = new() { Variant = MsSsimVariant.UNet3Plus, DataRange = null };

    /// <summary>Whose formula; the textbook's by default.</summary>
    public MsSsimVariant Variant { get; init; }

    /// <summary>The exponent of each level, finest first; the five of the paper by default.</summary>
    public IReadOnlyList<double> LevelWeights { get; init => field = Check(value); } = PaperWeights;

    private static IReadOnlyList<double> Check(IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.Count > 0
            ? SegmentationChecks.Weights(weights)!
            : throw new ArgumentException("Expected a weight for each level; there is none.", nameof(weights));
    }
}
