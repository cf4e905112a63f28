namespace DeepTricks.Training;

/// <summary>A callback that another one cannot be combined with.</summary>
/// <param name="Callback">The type of the other callback; types derived from it count.</param>
/// <param name="Reason">Why, as a half-sentence that follows "because".</param>
public sealed record Incompatibility(Type Callback, string Reason);
