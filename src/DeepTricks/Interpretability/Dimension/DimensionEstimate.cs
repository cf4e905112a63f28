namespace DeepTricks.Interpretability;

/// <summary>An intrinsic dimension, and what it rests on.</summary>
/// <param name="Dimension">By the method that was asked for.</param>
/// <param name="Fit">By <see cref="TwoNNMethod.Fit"/>.</param>
/// <param name="MaximumLikelihood">By <see cref="TwoNNMethod.MaximumLikelihood"/>.</param>
/// <param name="Lower">Where the interval begins.</param>
/// <param name="Upper">Where it ends. See <see cref="TwoNN"/> for what it means.</param>
/// <param name="Correlation">Pearson's correlation of the points of the fit; below 0.99 or so the points are no sample of one even density.</param>
/// <param name="Scale">The mean distance to the first two neighbours: the scale at which the dimension was measured.</param>
/// <param name="Points">The points that the estimate rests on, before the largest ratios are left out.</param>
/// <param name="Duplicates">The points that were left out or merged, for they coincide with another.</param>
/// <param name="Ties">The points that were left out, for their two nearest are equally far.</param>
public sealed record DimensionEstimate(
    double Dimension, double Fit, double MaximumLikelihood, double Lower, double Upper, double Correlation, double Scale, int Points, int Duplicates, int Ties);
