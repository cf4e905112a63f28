namespace DeepTricks.Interpretability;

/// <summary>Why a class has its logit: what its own prototypes add, and what all others do.</summary>
/// <param name="Class">The class.</param>
/// <param name="Logit">Its logit, the sum of the two.</param>
/// <param name="Own">Its own prototypes, the highest score first.</param>
/// <param name="Others">What the prototypes of other classes add in sum.</param>
public sealed record ClassEvidence(int Class, double Logit, IReadOnlyList<PrototypeEvidence> Own, double Others);
