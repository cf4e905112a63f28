namespace KakapoSample;

/// <summary>Red, green and blue, each from 0 to 1.</summary>
internal readonly record struct Color(double Red, double Green, double Blue)
{
    public static Color Dark => new(0.08, 0.07, 0.07);

    public static Color Pale => new(0.93, 0.92, 0.86);

    public Color Towards(Color other, double part) =>
        new(Red + (part * (other.Red - Red)), Green + (part * (other.Green - Green)), Blue + (part * (other.Blue - Blue)));
}
