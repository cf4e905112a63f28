namespace DeepTricks.Detection;

/// <summary>How a linear support vector machine is trained. The defaults are those of scikit-learn's <c>LinearSVC</c>.</summary>
public sealed record SupportVectorMachineOptions
{
    /// <summary>The settings of R-CNN: the linear hinge loss, C = 0.001 for features of norm 20, a constant feature of 10, positives counting twice.</summary>
    public static SupportVectorMachineOptions RegionCnn { get; } = new() { Cost = 1e-3, Loss = HingeLoss.Linear, BiasScaling = 10, PositiveWeight = 2 };

    /// <summary>C, what a violated margin costs beside ½|w|²; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or not finite.</exception>
    public double Cost { get; init => field = Positive(value, nameof(Cost)); } = 1;

    /// <summary>The squared hinge by default.</summary>
    public HingeLoss Loss { get; init; } = HingeLoss.Squared;

    /// <summary>
    /// The value of the constant feature whose weight is the bias, <c>intercept_scaling</c> in scikit-learn and <c>-B</c> in liblinear; 1 by default. The
    /// bias is penalised like a weight, the less the larger this is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or not finite.</exception>
    public double BiasScaling { get; init => field = Positive(value, nameof(BiasScaling)); } = 1;

    /// <summary>By how much C is multiplied for positive samples; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or not finite.</exception>
    public double PositiveWeight { get; init => field = Positive(value, nameof(PositiveWeight)); } = 1;

    /// <summary>How far the projected gradients of the dual may lie apart at the end; 1e-4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or not finite.</exception>
    public double Tolerance { get; init => field = Positive(value, nameof(Tolerance)); } = 1e-4;

    /// <summary>The most passes over the samples; 1000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaximumPasses
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumPasses), value, "Expected at least 1.");
    }
        = 1000;

    /// <summary>Decides the order of the samples in each pass; 0 by default. The solution does not depend on it beyond the tolerance.</summary>
    public long Seed { get; init; }

    private static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number above 0.");
}
