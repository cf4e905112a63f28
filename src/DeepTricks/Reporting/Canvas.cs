using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Reporting;

/// <summary>
/// A picture to draw on: masks with their contours, boxes with labels and scores, text. Places are given in pixels of the image, from its
/// top left corner; the magnification makes room for contours and letters on small images.
/// </summary>
/// <example>
/// <code>
/// var picture = new Canvas(image, magnification: 4)
///     .Mask(organ, Palette.Of(0))
///     .Box(3, 5, 20, 18, Palette.Of(1), "liver", 0.93)
///     .ToPicture("The first slice");
/// </code>
/// </example>
public sealed partial class Canvas
{
    private const int Channels = 3;
    private const int LargestMagnification = 64;
    private readonly byte[] _pixels;

    /// <summary>A canvas of one colour.</summary>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="background">Its colour.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or there would be more than 2³¹ bytes.</exception>
    public Canvas(int width, int height, Rgb background)
        : this(width, height, 1, 0)
    {
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
                Paint(x, y, background, 1);
    }

    /// <summary>A canvas that begins as an image.</summary>
    /// <param name="image">
    /// [1 or 3, height, width] or [height, width] for gray, on any device: floating point in [0, 1] or Byte. A fourth channel (opacity) is left out.
    /// </param>
    /// <param name="magnification">Pixels of the canvas to a side of one of the image, 1 to 64; default 1.</param>
    /// <exception cref="ArgumentException">The shape or dtype is another, or a value is not finite or outside [0, 1].</exception>
    public Canvas(Tensor image, int magnification = 1)
        : this(TensorPixels.Read(image), magnification)
    {
    }

    /// <summary>A canvas that begins as interleaved 8-bit pixels, rows from top to bottom.</summary>
    /// <param name="pixels">height × width × channels bytes.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="channels">1 (gray), 3 (RGB) or 4 (RGBA, whose opacity is left out).</param>
    /// <param name="magnification">Pixels of the canvas to a side of one of the image, 1 to 64; default 1.</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other.</exception>
    public Canvas(ReadOnlySpan<byte> pixels, int width, int height, int channels, int magnification = 1)
        : this(Checked(pixels, width, height, channels), magnification)
    {
    }

    private Canvas(TensorPixels image, int magnification)
        : this(image.Width, image.Height, magnification, 0)
    {
        for (var y = 0; y < PixelHeight; y++)
        {
            for (var x = 0; x < PixelWidth; x++)
            {
                var from = image.Bytes.AsSpan(((y / magnification * image.Width) + (x / magnification)) * image.Channels);
                Paint(x, y, image.Channels == 1 ? new(from[0], from[0], from[0]) : new(from[0], from[1], from[2]), 1);
            }
        }
    }

    private Canvas(int width, int height, int magnification, int _)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (magnification is < 1 or > LargestMagnification)
            throw new ArgumentOutOfRangeException(nameof(magnification), magnification, $"Expected 1 to {LargestMagnification}.");
        if ((long)width * height * magnification * magnification * Channels > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(width), width, $"A canvas of {width} × {height} pixels at magnification {magnification} is too large.");
        (Width, Height, Magnification) = (width, height, magnification);
        _pixels = new byte[PixelWidth * PixelHeight * Channels];
    }

    /// <summary>The width in pixels of the image.</summary>
    public int Width { get; }

    /// <summary>The height in pixels of the image.</summary>
    public int Height { get; }

    /// <summary>Pixels of the canvas to a side of one of the image.</summary>
    public int Magnification { get; }

    /// <summary>The width in pixels of the canvas.</summary>
    public int PixelWidth => Width * Magnification;

    /// <summary>The height in pixels of the canvas.</summary>
    public int PixelHeight => Height * Magnification;

    /// <summary>The pixels of the canvas as they are now: rows from top to bottom, red, green and blue of each pixel.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>The colour of a pixel of the canvas.</summary>
    /// <param name="x">From 0 to below <see cref="PixelWidth"/>.</param>
    /// <param name="y">From 0 to below <see cref="PixelHeight"/>.</param>
    public Rgb this[int x, int y]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)PixelWidth, nameof(x));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)PixelHeight, nameof(y));
            var pixel = _pixels.AsSpan(((y * PixelWidth) + x) * Channels, Channels);
            return new(pixel[0], pixel[1], pixel[2]);
        }
    }

    /// <summary>Paints a mask and its contour.</summary>
    /// <param name="mask">[height, width] or [1, height, width]: Bool; integers, inside where not 0; or floating point, inside where above 0.5.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="style">Opacity and contour; see <see cref="MaskStyle"/> for the defaults.</param>
    /// <returns>This canvas.</returns>
    /// <exception cref="ArgumentException">The mask is not as large as the image.</exception>
    public Canvas Mask(Tensor mask, Rgb color, MaskStyle? style = null)
    {
        PaintClass(ReadPlane(mask, nameof(mask), static plane => plane.is_floating_point() ? plane > 0.5 : plane != 0), 1, color, style ?? new());
        return this;
    }

    /// <summary>Paints the classes of a segmentation, each in the colour that <see cref="Palette"/> has for it; class 0 stays bare.</summary>
    /// <param name="classes">[height, width] or [1, height, width], integers: 0 for the background, k for the colour at k − 1; negative ones stay bare.</param>
    /// <param name="style">Opacity, contour and a class to leave out; see <see cref="MaskStyle"/> for the defaults.</param>
    /// <returns>This canvas.</returns>
    /// <exception cref="ArgumentException">The classes are not integers, or not as many as the image has pixels.</exception>
    public Canvas Classes(Tensor classes, MaskStyle? style = null)
    {
        style ??= new();
        ArgumentNullException.ThrowIfNull(classes);
        if (classes.is_floating_point() || classes.is_complex())
            throw new ArgumentException($"The classes are of type {classes.dtype}; expected integers.", nameof(classes));
        var plane = ReadPlane(classes, nameof(classes), static plane => plane);
        foreach (var index in plane.Distinct().Where(index => index > 0 && index != style.IgnoreIndex).Order())
            PaintClass(plane, index, Palette.Of(index - 1), style);
        return this;
    }

    /// <summary>The picture as it is now.</summary>
    /// <param name="caption">What stands under it; empty by default.</param>
    /// <param name="alternative">What it shows, for readers who cannot see it; empty by default, the caption.</param>
    /// <returns>A picture of <see cref="PixelWidth"/> by <see cref="PixelHeight"/> pixels.</returns>
    public Picture ToPicture(string caption = "", string alternative = "") =>
        new(_pixels, PixelWidth, PixelHeight, Channels) { Caption = caption, Alternative = alternative };

    /// <summary>The picture as it is now, as a PNG file.</summary>
    /// <returns>The bytes of the file.</returns>
    public byte[] ToPng() => PngEncoder.Encode(_pixels, PixelWidth, PixelHeight, Channels);

    private static TensorPixels Checked(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        if (channels is not (1 or 3 or 4))
            throw new ArgumentException($"Got {channels} channels; expected 1 (gray), 3 (RGB) or 4 (RGBA).", nameof(channels));
        if (pixels.Length != (long)width * height * channels)
            throw new ArgumentException($"Got {pixels.Length} bytes; expected {(long)width * height * channels}, {height} × {width} × {channels}.", nameof(pixels));
        return new(pixels.ToArray(), width, height, channels);
    }

    private long[] ReadPlane(Tensor plane, string name, Func<Tensor, Tensor> convert)
    {
        ArgumentNullException.ThrowIfNull(plane, name);
        var shape = plane.shape is [1, .. var rest] && plane.dim() == 3 ? rest : plane.shape;
        if (!shape.SequenceEqual([Height, Width]))
            throw new ArgumentException($"The shape is {plane.ShapeText()}; expected [{Height}, {Width}], as the image is.", name);

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return convert(plane).to(ScalarType.Int64).cpu().Values<long>();
    }

    private void PaintClass(long[] plane, long index, Rgb color, MaskStyle style)
    {
        for (var y = 0; y < PixelHeight; y++)
            for (var x = 0; x < PixelWidth; x++)
                if (Inside(x, y))
                    Paint(x, y, color, IsEdge(x, y) ? 1 : style.Opacity);

        // The border of the picture is no edge of what goes on beyond it.
        bool Inside(int x, int y) => plane[(Math.Clamp(y, 0, PixelHeight - 1) / Magnification * Width) + (Math.Clamp(x, 0, PixelWidth - 1) / Magnification)] == index;

        bool IsEdge(int x, int y)
        {
            for (var distance = 1; distance <= style.Contour; distance++)
                if (!Inside(x - distance, y) || !Inside(x + distance, y) || !Inside(x, y - distance) || !Inside(x, y + distance))
                    return true;
            return false;
        }
    }

    private void Paint(int x, int y, Rgb color, double opacity)
    {
        var pixel = _pixels.AsSpan(((y * PixelWidth) + x) * Channels, Channels);
        pixel[0] = Mix(pixel[0], color.Red);
        pixel[1] = Mix(pixel[1], color.Green);
        pixel[2] = Mix(pixel[2], color.Blue);

        byte Mix(byte below, byte above) => (byte)(below + ((above - below) * opacity) + 0.5);
    }
}
