namespace DeepTricks.Reporting;

/// <summary>
/// A colour for each value from 0 to 1. Those here are perceptually uniform: an equal step of the value is an equal step to the eye, brightness rises
/// from one end to the other, and they survive printing in gray and the common kinds of colour blindness.
/// </summary>
/// <remarks>Sixteen of the 256 colours of each map, by Nathaniel Smith, Stéfan van der Walt and (viridis) Eric Firing (BIDS/colormap, CC0), with straight lines between them.</remarks>
public sealed class ColorMap
{
    private readonly Rgb[] _points;

    private ColorMap(params Rgb[] points) => _points = points;

    /// <summary>From dark violet over green to yellow.</summary>
    public static ColorMap Viridis { get; } = new(
        new(68, 1, 84), new(72, 26, 108), new(71, 47, 125), new(65, 68, 135), new(57, 86, 140), new(49, 104, 142), new(42, 120, 142), new(35, 136, 142),
        new(31, 152, 139), new(34, 168, 132), new(53, 183, 121), new(84, 197, 104), new(122, 209, 81), new(165, 219, 54), new(210, 226, 27), new(253, 231, 37));

    /// <summary>From black over red to pale yellow.</summary>
    public static ColorMap Inferno { get; } = new(
        new(0, 0, 4), new(12, 8, 38), new(36, 12, 79), new(66, 10, 104), new(93, 18, 110), new(120, 28, 109), new(147, 38, 103), new(174, 48, 92),
        new(199, 62, 76), new(221, 81, 58), new(237, 105, 37), new(248, 133, 15), new(252, 165, 10), new(250, 198, 45), new(242, 230, 97), new(252, 255, 164));

    /// <summary>From black over violet to pale yellow.</summary>
    public static ColorMap Magma { get; } = new(
        new(0, 0, 4), new(11, 9, 36), new(32, 17, 75), new(59, 15, 112), new(87, 21, 126), new(114, 31, 129), new(140, 41, 129), new(168, 50, 125),
        new(196, 60, 117), new(222, 73, 104), new(241, 96, 93), new(250, 127, 94), new(254, 159, 109), new(254, 191, 132), new(253, 222, 160), new(252, 253, 191));

    /// <summary>The colour of a value.</summary>
    /// <param name="value">From 0 to 1; values beyond get the colour of the nearer end.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not a number.</exception>
    public Rgb At(double value)
    {
        if (double.IsNaN(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a number from 0 to 1.");
        var place = Math.Clamp(value, 0, 1) * (_points.Length - 1);
        var below = Math.Min((int)place, _points.Length - 2);
        var (from, to, part) = (_points[below], _points[below + 1], place - below);
        return new(Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));

        byte Mix(byte low, byte high) => (byte)Math.Round(low + ((high - low) * part));
    }
}
