namespace DeepTricks.Interpretability;

/// <summary>The dimension at one scale: that of random disjoint blocks of the points.</summary>
/// <param name="Blocks">Their number.</param>
/// <param name="PointsPerBlock">The points in each.</param>
/// <param name="Mean">The mean of their dimensions.</param>
/// <param name="StandardDeviation">Their standard deviation, divided by their number; 0 of one block.</param>
/// <param name="Scale">The mean distance to the first two neighbours.</param>
public sealed record BlockDimension(int Blocks, int PointsPerBlock, double Mean, double StandardDeviation, double Scale);
