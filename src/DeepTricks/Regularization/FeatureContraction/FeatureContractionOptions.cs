namespace DeepTricks.Regularization;

/// <summary>Which features are kept small, and how much it costs.</summary>
public sealed record FeatureContractionOptions
{
    /// <summary>
    /// 0.25: the authors' example adds <c>l2_loss(z) / (2 · numel)</c>, and TensorFlow's <c>l2_loss</c> is half the sum of the squares.
    /// </summary>
    public const double DefaultWeight = 0.25;

    /// <summary>The layers, by their names in <c>named_modules()</c>; <c>*</c> stands for any characters. All linear and convolutional layers by default.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>What counts as a layer's features: its output by default, which before an activation is the pre-activation.</summary>
    public FeatureKind Kind { get; init; } = FeatureKind.Output;

    /// <summary>λ, what multiplies the sum over the layers of the mean of z²; at least 0, 0.25 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Weight
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Weight), value, "Expected a finite weight of at least 0.");
    }
        = DefaultWeight;
}
