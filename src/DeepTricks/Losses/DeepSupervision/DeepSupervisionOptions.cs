namespace DeepTricks.Losses;

/// <summary>How outputs of several scales are supervised.</summary>
public sealed record DeepSupervisionOptions
{
    /// <summary>What each output weighs; <see cref="ScaleWeights.Halving"/> by default, as in MONAI.</summary>
    public ScaleWeights Weights { get; init; } = ScaleWeights.Halving;

    /// <summary>Whether weights are divided by their sum, as in nnU-Net; false by default.</summary>
    public bool Normalize { get; init; }

    /// <summary>What is resized where sizes differ; the target by default.</summary>
    public ScaleMatch Match { get; init; }
}
