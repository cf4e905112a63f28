namespace DeepTricks.Losses;

/// <summary>How a <see cref="BoundaryLoss"/> is computed.</summary>
public sealed record BoundaryLossOptions : DistanceLossOptions;
