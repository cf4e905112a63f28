namespace DeepTricks.Detection;

/// <summary>A box of whole pixels.</summary>
internal readonly record struct PixelBox(long Top, long Left, long Height, long Width)
{
    /// <summary>From (x1, y1, x2, y2) that both belong to the box; at least one pixel.</summary>
    public static PixelBox FromEnds(ReadOnlySpan<long> ends) => new(ends[1], ends[0], Math.Max(ends[3] - ends[1] + 1, 1), Math.Max(ends[2] - ends[0] + 1, 1));

    /// <summary>The part inside an image; null where there is none.</summary>
    public PixelBox? Clip(long height, long width)
    {
        var (top, left) = (Math.Max(Top, 0), Math.Max(Left, 0));
        var (bottom, right) = (Math.Min(Top + Height, height), Math.Min(Left + Width, width));
        return bottom > top && right > left ? new(top, left, bottom - top, right - left) : null;
    }
}
