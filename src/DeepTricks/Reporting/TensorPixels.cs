using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Reporting;

/// <summary>The pixels of an image tensor, interleaved as pictures hold them.</summary>
internal readonly record struct TensorPixels(byte[] Bytes, int Width, int Height, int Channels)
{
    /// <summary>Reads channels × height × width, or height × width for gray: floating point in [0, 1], or bytes.</summary>
    internal static TensorPixels Read(Tensor image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var shape = image.shape;
        long channels = shape.Length == 2 ? 1 : shape.Length == 3 ? shape[0] : 0;
        if (channels is not (1 or 3 or 4) || shape.Any(size => size < 1))
            throw new ArgumentException($"The image has the shape {shape.ShapeText()}; expected [1, 3 or 4, height, width] or [height, width].", nameof(image));
        if (image.dtype is not (ScalarType.Byte or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"The image has the type {image.dtype}; expected floating point in [0, 1], or Byte.", nameof(image));

        var planes = image.dtype == ScalarType.Byte ? Bytes8(image) : Quantize(image);
        var (height, width) = ((int)shape[^2], (int)shape[^1]);
        if (channels == 1)
            return new(planes, width, height, 1);
        var pixels = new byte[planes.Length];
        var plane = height * width;
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = planes[i % (int)channels * plane + i / (int)channels];
        return new(pixels, width, height, (int)channels);
    }

    private static byte[] Bytes8(Tensor image)
    {
        using var scope = NewDisposeScope();
        return image.cpu().Values<byte>();
    }

    private static byte[] Quantize(Tensor image)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var values = image.to(ScalarType.Float32).cpu().Values<float>();
        var pixels = new byte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // The tolerance is for rounding: anything beyond it is an image that is still normalised, and would look wrong without a word.
            if (!(values[i] is >= -1e-3f and <= 1 + 1e-3f))
                throw new ArgumentException($"The image holds {values[i]}; expected values in [0, 1]. Undo its normalisation, or clamp it.", nameof(image));
            pixels[i] = (byte)(Math.Clamp(values[i], 0, 1) * 255 + 0.5f);
        }
        return pixels;
    }
}
