namespace DeepTricks.Losses;

/// <summary>What turns the scores of a network into probabilities, and so whether its classes exclude one another.</summary>
public enum ScoreActivation
{
    /// <summary>Scores are logits of classes that exclude one another; targets are labels [N, d1, ...], or maps [N, C, d1, ...] that sum to 1.</summary>
    Softmax,

    /// <summary>Scores are logits, each class a mask of its own (multi-label, or one class against the rest); targets are masks [N, C, d1, ...].</summary>
    Sigmoid,

    /// <summary>Scores are probabilities already, as networks with a sigmoid or a softmax at their end give them.</summary>
    None,
}
