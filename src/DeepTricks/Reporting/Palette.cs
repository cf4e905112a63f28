namespace DeepTricks.Reporting;

/// <summary>
/// Ten colours for classes drawn over pictures: bright enough for dark scans, saturated enough for bright photographs. The first seven
/// are those of Okabe and Ito ("Color universal design", 2002), which people with colour blindness tell apart.
/// </summary>
public static class Palette
{
    private static readonly Rgb[] Shades =
    [
        new(230, 159, 0), new(86, 180, 233), new(0, 158, 115), new(240, 228, 66), new(213, 94, 0),
        new(204, 121, 167), new(0, 114, 178), new(160, 220, 60), new(170, 110, 255), new(255, 120, 120),
    ];

    /// <summary>The colours, in the order in which they are handed out.</summary>
    public static IReadOnlyList<Rgb> Colors { get; } = Shades.AsReadOnly();

    /// <summary>The colour of the class at <paramref name="index"/>; after ten classes they come again.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    public static Rgb Of(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Shades[index % Shades.Length];
    }
}
