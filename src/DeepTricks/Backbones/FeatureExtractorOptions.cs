namespace DeepTricks.Backbones;

/// <summary>How features are taken.</summary>
public sealed record FeatureExtractorOptions
{
    /// <summary>
    /// Whether features are copies of what the layers returned, which they are by default: an operation that works in place, as the ReLU
    /// after a normalisation does in the backbones, would overwrite them. Without copies no memory is needed, and the features are what
    /// the network leaves in place of them; those of whole stages, such as <c>layer1</c> to <c>layer4</c>, stay what they were.
    /// </summary>
    public bool Copy { get; init; } = true;
}
