namespace DeepTricks.Interpretability;

/// <summary>The intrinsic dimension of what a layer gives for some inputs.</summary>
/// <param name="Layer">Its name; <c>input</c> for the inputs themselves.</param>
/// <param name="Features">The numbers that it gives for one input.</param>
/// <param name="RelativeDepth">
/// The part of the network's layers of weights that have run when it gives them, from 0 for the inputs to 1, as the study of deep networks compares architectures.
/// </param>
/// <param name="Dimension">The mean over parts of the inputs; NaN where the layer separates too few of them.</param>
/// <param name="StandardDeviation">Its spread over the parts.</param>
/// <param name="PrincipalComponents">How many components hold the part of its variance that <see cref="DimensionProfileOptions.PrincipalComponents"/> says; null where it says none.</param>
public sealed record LayerDimension(string Layer, long Features, double RelativeDepth, double Dimension, double StandardDeviation, int? PrincipalComponents);
