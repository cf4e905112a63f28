namespace DeepTricks.Data;

/// <summary>
/// A rectangle in a picture, in pixels, as COCO writes it: the left top corner and the size. The left top pixel covers 0 to 1 both ways, so a
/// box around the first ten pixels of a row is 10 wide.
/// </summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The top edge.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
public readonly record struct ObjectBox(double X, double Y, double Width, double Height)
{
    /// <summary>The right edge.</summary>
    public double Right => X + Width;

    /// <summary>The bottom edge.</summary>
    public double Bottom => Y + Height;

    /// <summary>Width times height.</summary>
    public double Area => Width * Height;

    /// <summary>The box between two corners, as detectors give it.</summary>
    /// <param name="left">The left edge, x1.</param>
    /// <param name="top">The top edge, y1.</param>
    /// <param name="right">The right edge, x2.</param>
    /// <param name="bottom">The bottom edge, y2.</param>
    public static ObjectBox FromCorners(double left, double top, double right, double bottom) => new(left, top, right - left, bottom - top);

    /// <summary>The common area over the area of both together, as COCO's evaluation has it; 0 where they do not touch.</summary>
    /// <param name="truth">The other box.</param>
    /// <param name="crowd">The other box is of a crowd: the common area over that of this box alone.</param>
    public double IntersectionOverUnion(ObjectBox truth, bool crowd = false)
    {
        var width = Math.Min(Right, truth.Right) - Math.Max(X, truth.X);
        var height = Math.Min(Bottom, truth.Bottom) - Math.Max(Y, truth.Y);
        if (!(width > 0 && height > 0))
            return 0;
        var common = width * height;
        return common / (crowd ? Area : Area + truth.Area - common);
    }
}
