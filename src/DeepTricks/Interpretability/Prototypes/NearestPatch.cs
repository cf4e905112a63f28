namespace DeepTricks.Interpretability;

/// <summary>The patch of an image that is nearest to a prototype.</summary>
/// <param name="Image">The image, by its index in the dataset.</param>
/// <param name="ImageClass">Its class.</param>
/// <param name="Row">The row of the patch's corner in the feature maps.</param>
/// <param name="Column">The column of the patch's corner in the feature maps.</param>
/// <param name="Distance">The squared distance.</param>
public sealed record NearestPatch(long Image, long ImageClass, int Row, int Column, double Distance);
