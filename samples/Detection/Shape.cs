namespace DetectionSample;

/// <summary>What there is to find. The value is the label; 0 is the background.</summary>
internal enum Shape
{
    Disc = 1,
    Ring,
    Square,
    Triangle,
    Star,
}
