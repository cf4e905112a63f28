namespace DeepTricks.Reporting;

/// <summary>How a mask is painted over a picture.</summary>
public sealed record MaskStyle
{
    /// <summary>How much of the colour covers the picture inside the mask, 0 (nothing) to 1 (all); default 0.4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public double Opacity
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Opacity), value, "Expected 0 to 1.");
    } = 0.4;

    /// <summary>The width of the contour along the inner edge of the mask, in pixels of the canvas, 0 (none) to 64; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public int Contour
    {
        get;
        init => field = value is >= 0 and <= 64 ? value : throw new ArgumentOutOfRangeException(nameof(Contour), value, "Expected 0 to 64.");
    } = 1;

    /// <summary>Where classes are painted, pixels of this class stay bare as those of class 0 do, for example 255; default null, none.</summary>
    public long? IgnoreIndex { get; init; }
}
