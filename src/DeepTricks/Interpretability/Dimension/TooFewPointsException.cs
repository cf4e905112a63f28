namespace DeepTricks.Interpretability;

/// <summary>Too few of the points can be used for an estimate, for they coincide or their nearest are equally far.</summary>
/// <param name="message">What was left of them.</param>
/// <param name="parameter">The parameter that they came in.</param>
public sealed class TooFewPointsException(string message, string parameter) : ArgumentException(message, parameter);
