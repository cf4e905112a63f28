namespace DeepTricks.Distillation;

/// <summary>How a <see cref="GradientMatchingLoss"/> compares gradients.</summary>
public sealed record GradientMatchingLossOptions
{
    /// <summary>Knowledge-Distillation-Zoo's form of Sobolev training and Jacobian matching: the mean square of gradients divided by their norm; the default. The weight there is 20.</summary>
    public static GradientMatchingLossOptions KdZoo { get; } = new();

    /// <summary>The gradient-based attention of Zagoruyko and Komodakis, 2017, section 3.2: the Euclidean distance of the gradients as they are.</summary>
    public static GradientMatchingLossOptions AttentionPaper { get; } = new() { Normalized = false, Distance = MapDistance.Euclidean };

    /// <summary>Whether each sample's gradient is divided by its norm; true by default.</summary>
    public bool Normalized { get; init; } = true;

    /// <summary>How gradients are compared; by their mean square by default.</summary>
    public MapDistance Distance { get; init; }
}
