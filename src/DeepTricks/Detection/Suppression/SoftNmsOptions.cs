namespace DeepTricks.Detection;

/// <summary>How soft suppression lowers the scores of boxes that overlap a better one. The defaults are those of Bodla et al., 2017.</summary>
public sealed record SoftNmsOptions
{
    /// <summary>Gaussian by default.</summary>
    public SoftNmsMethod Method { get; init; } = SoftNmsMethod.Gaussian;

    /// <summary>For the linear method: an IoU above it counts; 0.3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double IouThreshold
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(IouThreshold), value, "Expected an IoU between 0 and 1.");
    }
        = 0.3;

    /// <summary>σ of the Gaussian method; 0.5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double Sigma
    {
        get;
        init => field = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Sigma), value, "Expected a positive, finite width.");
    }
        = 0.5;

    /// <summary>A box whose score falls below it is dropped; 0.001 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a number.</exception>
    public double ScoreThreshold
    {
        get;
        init => field = !double.IsNaN(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ScoreThreshold), value, "Expected a number.");
    }
        = 0.001;
}
