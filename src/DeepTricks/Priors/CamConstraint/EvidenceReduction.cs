namespace DeepTricks.Priors;

/// <summary>What the evidence outside the object is divided by, in each sample, before the mean over the samples.</summary>
public enum EvidenceReduction
{
    /// <summary>The places of the map: the penalty is what the outside adds to the class's logit, in the logit's unit.</summary>
    Logit,

    /// <summary>The places outside the object: a small background weighs as much as a large one.</summary>
    Outside,
}
