namespace DeepTricks.Segmentation;

/// <summary>The shape of a <see cref="MultiResolutionFusion"/>.</summary>
public sealed record MultiResolutionFusionOptions : RefinementBlockOptions;
