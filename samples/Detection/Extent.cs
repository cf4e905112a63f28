namespace DetectionSample;

/// <summary>A part of a picture; right and bottom are the first column and row behind it.</summary>
internal readonly record struct Extent(int Left, int Top, int Right, int Bottom)
{
    /// <summary>What is no further from a place than a distance, within a picture.</summary>
    public static Extent Around(double x, double y, double distance, int size) =>
        new(Inside(x - distance - 1, size), Inside(y - distance - 1, size), Inside(x + distance + 2, size), Inside(y + distance + 2, size));

    private static int Inside(double place, int size) => Math.Clamp((int)place, 0, size);
}
