namespace DeepTricks.Interpretability;

/// <summary>A part of an image, in whole pixels.</summary>
/// <param name="Top">The first row.</param>
/// <param name="Bottom">The row behind the last.</param>
/// <param name="Left">The first column.</param>
/// <param name="Right">The column behind the last.</param>
public readonly record struct PatchBox(int Top, int Bottom, int Left, int Right)
{
    /// <summary>Its rows.</summary>
    public int Height => Bottom - Top;

    /// <summary>Its columns.</summary>
    public int Width => Right - Left;
}
