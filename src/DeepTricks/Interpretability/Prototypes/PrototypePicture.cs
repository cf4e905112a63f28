using System.Globalization;
using DeepTricks.Reporting;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>An image to draw parts and heat maps of.</summary>
internal sealed class PrototypePicture(TensorPixels pixels)
{
    private const int Side = 160, LargestMagnification = 64;
    private static readonly Rgb Frame = new(0, 255, 255);

    private int Magnification => Enlarged(Math.Max(pixels.Width, pixels.Height), Side);

    internal int Height => pixels.Height;

    internal int Width => pixels.Width;

    /// <summary>Reads an image in [0, 1] or of bytes, [C, H, W].</summary>
    internal static PrototypePicture Of(Tensor image) => new(TensorPixels.Read(image));

    /// <summary>The image with a frame around a part.</summary>
    internal Canvas Framed(PatchBox box) => Whole().Box(box.Left, box.Top, box.Right, box.Bottom, Frame);

    /// <summary>The image under a heat map.</summary>
    internal Canvas Heat(PrototypeActivation activation)
    {
        using var heat = activation.Heat(pixels.Height, pixels.Width);
        return Whole().Heat(heat);
    }

    /// <summary>A part of the image, about as large as the whole.</summary>
    internal Canvas Part(PatchBox box)
    {
        var bytes = new byte[box.Height * box.Width * pixels.Channels];
        for (var y = 0; y < box.Height; y++)
            pixels.Bytes.AsSpan((((box.Top + y) * pixels.Width) + box.Left) * pixels.Channels, box.Width * pixels.Channels).CopyTo(bytes.AsSpan(y * box.Width * pixels.Channels));
        return new(bytes, box.Width, box.Height, pixels.Channels, Enlarged(Math.Max(box.Width, box.Height), Magnification * Math.Max(pixels.Width, pixels.Height)));
    }

    /// <summary>What a prototype adds to a logit, as a line of text.</summary>
    internal static string Score(PrototypeEvidence evidence) => string.Create(CultureInfo.InvariantCulture,
        $"prototype {evidence.Prototype} of class {evidence.Class}: {evidence.Score:0.00} x {evidence.Weight:0.00} = {evidence.Contribution:0.00}");

    private static int Enlarged(int length, int to) => Math.Clamp(to / Math.Max(1, length), 1, LargestMagnification);

    private Canvas Whole() => new(pixels.Bytes, pixels.Width, pixels.Height, pixels.Channels, Magnification);
}
