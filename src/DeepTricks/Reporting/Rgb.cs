namespace DeepTricks.Reporting;

/// <summary>A colour of a <see cref="Canvas"/>.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>Black.</summary>
    public static Rgb Black => default;

    /// <summary>White.</summary>
    public static Rgb White => new(255, 255, 255);

    /// <summary>Black or white, whichever reads better on this colour (contrast as WCAG 2 defines it).</summary>
    public Rgb Ink => Luminance > 0.179 ? Black : White;

    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    private static double Linear(byte value) => value <= 10 ? value / (255 * 12.92) : Math.Pow(((value / 255.0) + 0.055) / 1.055, 2.4);
}
