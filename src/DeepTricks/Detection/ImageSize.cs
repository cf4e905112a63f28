namespace DeepTricks.Detection;

/// <summary>The size of an image or of a feature map.</summary>
/// <param name="Height">Its rows.</param>
/// <param name="Width">Its columns.</param>
public readonly record struct ImageSize(long Height, long Width)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Height} x {Width}";
}
