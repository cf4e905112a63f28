using System.Globalization;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Reporting;

public sealed partial class Canvas
{
    // A letter of eight pixels suits a picture of up to about 400; larger ones are looked at from further away.
    private int LetterScale => Math.Max(1, Math.Min(PixelWidth, PixelHeight) / 400);

    /// <summary>Draws a box, its label on its upper edge.</summary>
    /// <param name="left">Where it begins, in pixels of the image; what lies outside of the image is cut off.</param>
    /// <param name="top">Where it begins.</param>
    /// <param name="right">Where it ends, at least <paramref name="left"/>.</param>
    /// <param name="bottom">Where it ends, at least <paramref name="top"/>.</param>
    /// <param name="color">The colour of the frame and of the label's ground.</param>
    /// <param name="label">What stands on it, in ASCII; empty, the default, for nothing.</param>
    /// <param name="score">Stands after the label with two decimals; null, the default, for none.</param>
    /// <returns>This canvas.</returns>
    /// <exception cref="ArgumentException">A coordinate is not finite, or an end lies before its beginning.</exception>
    public Canvas Box(double left, double top, double right, double bottom, Rgb color, string label = "", double? score = null)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (!double.IsFinite(left) || !double.IsFinite(top) || !(right >= left) || !(bottom >= top) || !double.IsFinite(right) || !double.IsFinite(bottom))
            throw new ArgumentException($"The box is ({left}, {top}, {right}, {bottom}); expected finite left ≤ right and top ≤ bottom.", nameof(left));
        var (x0, y0, x1, y1) = (Place(left, PixelWidth), Place(top, PixelHeight), Place(right, PixelWidth), Place(bottom, PixelHeight));
        var width = LetterScale + (Math.Min(PixelWidth, PixelHeight) > 200 ? 1 : 0);
        Fill(x0, y0, x1, y0 + width, color);
        Fill(x0, y1 - width, x1, y1, color);
        Fill(x0, y0, x0 + width, y1, color);
        Fill(x1 - width, y0, x1, y1, color);
        var text = score is { } value ? string.Create(CultureInfo.InvariantCulture, $"{label} {value:0.00}").Trim() : label;
        if (text.Length > 0)
            Tag(x0, y0, text, color);
        return this;
    }

    /// <summary>Draws boxes, as a detector returns them.</summary>
    /// <param name="boxes">[N, 4]: left, top, right and bottom, in pixels of the image.</param>
    /// <param name="labels">[N], the class of each, integers from 0, which decides its colour; null, the default, for one colour.</param>
    /// <param name="scores">[N], shown after the label; null, the default, for none.</param>
    /// <param name="names">The name of each class by its number; null, the default, shows the number.</param>
    /// <returns>This canvas.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit each other, a label is negative or without a name, or a box is none.</exception>
    public Canvas Boxes(Tensor boxes, Tensor? labels = null, Tensor? scores = null, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        if (boxes.dim() != 2 || boxes.shape[1] != 4)
            throw new ArgumentException($"The shape is {boxes.ShapeText()}; expected [N, 4].", nameof(boxes));
        var count = boxes.shape[0];
        var sides = Numbers(boxes, count * 4, nameof(boxes));
        var classes = labels is null ? null : Numbers(labels, count, nameof(labels));
        var certainty = scores is null ? null : Numbers(scores, count, nameof(scores));
        // The most certain last, on top of the others.
        foreach (var i in Enumerable.Range(0, (int)count).OrderBy(i => certainty?[i] ?? 0))
        {
            var index = (long)(classes?[i] ?? 0);
            if (index < 0 || (names is not null && classes is not null && index >= names.Count))
                throw new ArgumentException($"The label of box {i} is {index}; expected 0 to {(names is null ? "any" : names.Count - 1)}.", nameof(labels));
            var label = classes is null ? "" : names is null ? index.ToString(CultureInfo.InvariantCulture) : names[(int)index];
            Box(sides[4 * i], sides[(4 * i) + 1], sides[(4 * i) + 2], sides[(4 * i) + 3], Palette.Of(index), label, certainty?[i]);
        }
        return this;
    }

    /// <summary>Writes a line of text.</summary>
    /// <param name="x">Where it begins, in pixels of the image.</param>
    /// <param name="y">The top of its letters.</param>
    /// <param name="text">ASCII; another character becomes a box. What goes beyond the picture is cut off.</param>
    /// <param name="ink">Its colour.</param>
    /// <param name="scale">Pixels of the canvas to a dot of the letters, which are 5 by 8 dots; at least 1, the default.</param>
    /// <returns>This canvas.</returns>
    public Canvas Text(double x, double y, string text, Rgb ink, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        if (!double.IsFinite(x) || !double.IsFinite(y))
            throw new ArgumentException($"The place is ({x}, {y}); expected finite coordinates.", nameof(x));
        Write(Place(x, int.MaxValue), Place(y, int.MaxValue), text, ink, scale);
        return this;
    }

    /// <summary>Copies another canvas onto this one, pixel by pixel of both canvases, cutting off what lies outside.</summary>
    internal void Insert(Canvas other, int left, int top)
    {
        for (var y = 0; y < Math.Min(other.PixelHeight, PixelHeight - top); y++)
            for (var x = 0; x < Math.Min(other.PixelWidth, PixelWidth - left); x++)
                Paint(left + x, top + y, other[x, y], 1);
    }

    internal void Write(int left, int top, string text, Rgb ink, int scale)
    {
        foreach (var character in text)
        {
            var rows = PixelFont.Rows(character);
            for (var y = 0; y < PixelFont.GlyphHeight; y++)
                for (var x = 0; x < PixelFont.GlyphWidth; x++)
                    if ((rows[y] >> (PixelFont.GlyphWidth - 1 - x) & 1) != 0)
                        Fill(left + (x * scale), top + (y * scale), left + ((x + 1) * scale), top + ((y + 1) * scale), ink);
            left += PixelFont.Advance * scale;
        }
    }

    // Above the box where there is room, else inside it; pushed back where it would leave the picture.
    private void Tag(int x, int y, string text, Rgb color)
    {
        var scale = LetterScale;
        var (width, height) = ((PixelFont.Width(text) + 4) * scale, (PixelFont.GlyphHeight + 2) * scale);
        var left = Math.Max(0, Math.Min(x, PixelWidth - width));
        var top = y >= height ? y - height : Math.Max(0, Math.Min(y, PixelHeight - height));
        Fill(left, top, left + width, top + height, color);
        Write(left + (2 * scale), top + scale, text, color.Ink, scale);
    }

    private void Fill(int left, int top, int right, int bottom, Rgb color)
    {
        for (var y = Math.Max(0, top); y < Math.Min(PixelHeight, bottom); y++)
            for (var x = Math.Max(0, left); x < Math.Min(PixelWidth, right); x++)
                Paint(x, y, color, 1);
    }

    private int Place(double coordinate, int end) => (int)Math.Round(Math.Clamp(coordinate * Magnification, end == int.MaxValue ? -1e6 : 0, Math.Min(end, 1e9)));

    private static double[] Numbers(Tensor values, long count, string name)
    {
        if (values.numel() != count || values.is_complex())
            throw new ArgumentException($"The shape is {values.ShapeText()}, the type {values.dtype}; expected {count} real numbers.", name);
        return HostValues(values);
    }
}
