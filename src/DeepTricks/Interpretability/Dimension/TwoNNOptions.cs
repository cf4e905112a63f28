namespace DeepTricks.Interpretability;

/// <summary>How <see cref="TwoNN"/> estimates. The defaults are those of the authors of the deep-network study (ansuini/IntrinsicDimDeep).</summary>
public sealed record TwoNNOptions
{
    /// <summary>The authors' estimate, which are the defaults.</summary>
    public static TwoNNOptions Authors { get; } = new();

    /// <summary>The fit of scikit-dimension and of DADApy's <c>base</c>: equal distances are kept. Where both meet a duplicate and go on with NaN, this refuses.</summary>
    public static TwoNNOptions ScikitDimension { get; } = new() { DropTies = false, ZeroDistances = ZeroDistances.Refuse };

    /// <summary>DADApy's <c>ml</c>: (n − 1) / Σ log μ over all points.</summary>
    public static TwoNNOptions DadapyLikelihood { get; } = ScikitDimension with { Method = TwoNNMethod.MaximumLikelihood, Discard = 0 };

    /// <summary>How the dimension follows from the ratios; <see cref="TwoNNMethod.Fit"/> by default.</summary>
    public TwoNNMethod Method { get; init; }

    /// <summary>The part of the points with the largest ratios that is left out, from 0 to below 1; 0.1 by default, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside.</exception>
    public double Discard
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Discard), value, "Expected 0 to below 1.");
    } = 0.1;

    /// <summary>The confidence of the interval, between 0 and 1; 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside.</exception>
    public double Confidence
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Confidence), value, "Expected a value between 0 and 1.");
    } = 0.95;

    /// <summary>What becomes of duplicates; <see cref="ZeroDistances.Drop"/> by default, as the authors do.</summary>
    public ZeroDistances ZeroDistances { get; init; }

    /// <summary>Whether points whose two nearest are equally far are left out, as the authors do; true by default. On a grid, that is most of them.</summary>
    public bool DropTies { get; init; } = true;
}
