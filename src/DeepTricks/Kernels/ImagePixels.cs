using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>The values of an image tensor on the CPU, in [0, 1], channel after channel.</summary>
internal readonly record struct ImagePixels(float[] Values, int Channels, int Height, int Width)
{
    /// <summary>Reads [C, H, W], floating point in [0, 1] or Byte.</summary>
    /// <param name="image">The image.</param>
    /// <param name="channels">The channels that it must have; 0 for any.</param>
    public static ImagePixels Read(Tensor image, long channels = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        var shape = image.shape;
        if (shape.Length != 3 || shape.Any(size => size < 1) || (channels > 0 && shape[0] != channels))
            throw new ArgumentException($"Expected an image [{(channels > 0 ? channels : "C")}, H, W], and {shape.ShapeText()} came.", nameof(image));
        if (image.dtype != ScalarType.Byte && !image.is_floating_point())
            throw new ArgumentException($"Expected floating point in [0, 1] or Byte, and {image.dtype} came.", nameof(image));
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var exact = image.to(ScalarType.Float32).cpu().contiguous();
        var values = (image.dtype == ScalarType.Byte ? exact / byte.MaxValue : exact).Values<float>();
        // The tolerance is for rounding; an image that is still normalised would be compared by colours that it does not have.
        foreach (var value in values)
            if (!(value is >= -1e-3f and <= 1 + 1e-3f))
                throw new ArgumentException($"The image holds {value}; expected values in [0, 1].", nameof(image));
        return new(values, (int)shape[0], (int)shape[1], (int)shape[2]);
    }

    /// <summary>The channels, each height × width.</summary>
    public double[][] Planes()
    {
        var (values, pixels) = (Values, Height * Width);
        return [.. Enumerable.Range(0, Channels).Select(channel => Array.ConvertAll(values[(channel * pixels)..((channel + 1) * pixels)], value => (double)value))];
    }
}
