namespace DeepTricks.Detection;

/// <summary>The colours in which selective search compares; all channels are scaled to [0, 1].</summary>
public enum SearchColorSpace
{
    /// <summary>Red, green and blue.</summary>
    Rgb,

    /// <summary>Hue, saturation and value.</summary>
    Hsv,

    /// <summary>CIE L*a*b* of sRGB under D65: L/100, (a + 128)/255, (b + 128)/255.</summary>
    Lab,

    /// <summary>Red and green as parts of the sum of the three, and the intensity: "rgI" in the paper.</summary>
    NormalizedRedGreen,

    /// <summary>The hue alone.</summary>
    Hue,

    /// <summary>The intensity alone: 0.299 red + 0.587 green + 0.114 blue.</summary>
    Intensity,
}
