namespace DeepTricks.Reporting;

/// <summary>How a map of values is painted over a picture.</summary>
public sealed record HeatStyle
{
    /// <summary>The colours; default <see cref="ColorMap.Viridis"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ColorMap Colors
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Colors));
    }
        = ColorMap.Viridis;

    /// <summary>How much of the colour covers the picture, 0 (nothing) to 1 (all); default 0.5, as in pytorch-grad-cam.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public double Opacity
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Opacity), value, "Expected 0 to 1.");
    } = 0.5;

    /// <summary>Whether low values cover less, a value of 0 nothing, so that the picture stays to be seen where nothing is; default false.</summary>
    public bool Fade { get; init; }
}
