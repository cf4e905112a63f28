using static TorchSharp.torch;

namespace DeepTricks.Reporting;

/// <summary>A picture of a <see cref="Report"/>, held as PNG.</summary>
public sealed class Picture
{
    private readonly byte[] _png;

    /// <summary>A picture from interleaved 8-bit pixels, rows from top to bottom.</summary>
    /// <param name="pixels">height × width × channels bytes.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="channels">1 (gray), 3 (RGB) or 4 (RGB with opacity).</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other; see <see cref="PngEncoder"/>.</exception>
    public Picture(ReadOnlySpan<byte> pixels, int width, int height, int channels)
        => (_png, Width, Height) = (PngEncoder.Encode(pixels, width, height, channels), width, height);

    /// <summary>A picture from an image tensor; see <see cref="PngEncoder.Encode(Tensor)"/>.</summary>
    /// <param name="image">[channels, height, width] or [height, width]: floating point in [0, 1], or Byte.</param>
    /// <exception cref="ArgumentException">The shape or dtype is another, or a value is not finite or outside [0, 1].</exception>
    public Picture(Tensor image)
        : this(TensorPixels.Read(image))
    {
    }

    private Picture(TensorPixels pixels)
        : this(pixels.Bytes, pixels.Width, pixels.Height, pixels.Channels)
    {
    }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>What stands under the picture. Default: empty.</summary>
    public string Caption { get; init; } = "";

    /// <summary>What the picture shows, for readers who cannot see it. Default: empty, the caption.</summary>
    public string Alternative { get; init; } = "";

    /// <summary>
    /// Screen pixels to a side of one pixel of the picture, 1 to 64; above 1 pixels stay sharp squares, as small digits need. Default: 1.
    /// A picture never grows wider than the page.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public int Magnification
    {
        get;
        init => field = value is >= 1 and <= 64 ? value : throw new ArgumentOutOfRangeException(nameof(Magnification), value, "Expected 1 to 64.");
    } = 1;

    internal string Html()
    {
        var alternative = Markup.Escape(Alternative.Length > 0 ? Alternative : Caption);
        var caption = Caption.Length == 0 ? "" : $"<figcaption>{Markup.Escape(Caption)}</figcaption>";
        return FormattableString.Invariant($"<figure class=\"picture\" style=\"width:{Math.Max(Width * Magnification, 96)}px\"><img{(Magnification > 1 ? " class=\"sharp\"" : "")} width=\"{Width * Magnification}\" height=\"{Height * Magnification}\" alt=\"{alternative}\" src=\"data:image/png;base64,{Convert.ToBase64String(_png)}\">{caption}</figure>\n");
    }
}
