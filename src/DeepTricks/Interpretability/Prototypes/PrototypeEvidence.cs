namespace DeepTricks.Interpretability;

/// <summary>What one prototype says about one image and one class.</summary>
public sealed record PrototypeEvidence
{
    /// <summary>The number of the prototype.</summary>
    public required int Prototype { get; init; }

    /// <summary>The class of the prototype.</summary>
    public required int Class { get; init; }

    /// <summary>The score of the image's patch nearest to it.</summary>
    public required double Score { get; init; }

    /// <summary>The weight of the last layer from it to the class in question.</summary>
    public required double Weight { get; init; }

    /// <summary>The part of the image that looks like it; see <see cref="PrototypeActivation.Box"/>.</summary>
    public required PatchBox Box { get; init; }

    /// <summary>Its scores over the image.</summary>
    public required PrototypeActivation Activation { get; init; }

    /// <summary>What it adds to the logit: score times weight.</summary>
    public double Contribution => Score * Weight;
}
