namespace DeepTricks.Interpretability;

/// <summary>What stands between a backbone and the prototypes; both end in a sigmoid, so that features are in (0, 1).</summary>
public enum AddOnLayers
{
    /// <summary>Two convolutions of 1 × 1, the first to the prototypes' channels. What the authors train with.</summary>
    Regular,

    /// <summary>Pairs of convolutions of 1 × 1, each of which halves the channels, down to the prototypes'. The default of the authors' class.</summary>
    Bottleneck,
}
