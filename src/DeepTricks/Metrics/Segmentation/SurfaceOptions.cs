namespace DeepTricks.Metrics;

/// <summary>How distances between surfaces are measured.</summary>
public sealed record SurfaceOptions
{
    /// <summary>The size of a pixel along each dimension of the image, in the unit of the distances, for example mm; null, the default, for 1.</summary>
    /// <exception cref="ArgumentException">A size is not above 0.</exception>
    public IReadOnlyList<double>? Spacing
    {
        get;
        init => field = value is null || value.All(step => step > 0 && double.IsFinite(step))
            ? value
            : throw new ArgumentException($"Expected sizes above 0; {string.Join(", ", value)} came.", nameof(value));
    }

    /// <summary>
    /// The distance where exactly one of prediction and truth is empty: infinite by default, as in MONAI, which makes a mean infinite. NaN leaves such
    /// images out; the diagonal of the image is another choice in use. (MONAI's percentiles are NaN there, from ∞ − ∞.)
    /// </summary>
    public double Missing { get; init; } = double.PositiveInfinity;
}
