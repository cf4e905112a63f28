namespace DeepTricks.Priors;

/// <summary>Which evidence outside the object costs.</summary>
public enum EvidencePart
{
    /// <summary>That for the class. Background may speak against it.</summary>
    Positive,

    /// <summary>That for and that against the class: background is to say nothing of it.</summary>
    Absolute,
}
