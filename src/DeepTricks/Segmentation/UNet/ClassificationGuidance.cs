namespace DeepTricks.Segmentation;

/// <summary>Whether and how a classification of the whole image ("is there an organ at all?") gates the maps of a <see cref="UNetThreePlus"/>.</summary>
public enum ClassificationGuidance
{
    /// <summary>No classification.</summary>
    None,

    /// <summary>
    /// The original's: the logits are multiplied by 1 or 0, whichever class wins (<see cref="PresenceGate.Hard"/>). No gradient passes the gate, and
    /// where it is closed the maps have probability 0.5, not 0.
    /// </summary>
    Hard,

    /// <summary>The maps' probabilities are multiplied by that of presence (<see cref="PresenceGate.Soft"/>): differentiable, and near 0 where nothing is.</summary>
    Soft,
}
