using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>
/// An image read from a PNG file (ISO/IEC 15948): gray, colour or palette, 1 to 16 bits, with or without opacity, interlaced or not.
/// </summary>
/// <remarks>
/// Every checksum is verified. A file that is damaged, truncated or larger than the limit is refused with an
/// <see cref="InvalidDataException"/> that names the file and what is wrong with it; memory is allocated only for what the file can hold.
/// Samples are given as they are: gamma, colour profiles and the orientation that a camera notes are left to the caller.
/// </remarks>
public sealed class PngFile
{
    /// <summary>The most pixels that are read unless the caller sets another limit: 2²⁷, 134 million.</summary>
    public const long DefaultPixelLimit = 1L << 27;

    // Four samples of each must fit an array.
    private const long LargestPixelLimit = (1L << 29) - 1;
    private const int ColorChannels = 3;
    private readonly ushort[] _samples;

    internal PngFile(int width, int height, int channels, int bitDepth, ushort[] samples)
    {
        (Width, Height, Channels, BitDepth) = (width, height, channels, bitDepth);
        _samples = samples;
    }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>1 (gray), 2 (gray with opacity), 3 (RGB) or 4 (RGB with opacity); a palette counts as the colours that it holds.</summary>
    public int Channels { get; }

    /// <summary>The bits of a sample: 1, 2, 4, 8 or 16; 8 where there is a palette.</summary>
    public int BitDepth { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pixelLimit">The most pixels to accept, 1 to 2²⁹ − 1; <see cref="DefaultPixelLimit"/> by default.</param>
    /// <returns>The image.</returns>
    /// <exception cref="InvalidDataException">The file is not PNG, is damaged or truncated, or exceeds the limit.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PngFile Read(string path, long pixelLimit = DefaultPixelLimit)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Read(File.ReadAllBytes(path), path, pixelLimit);
    }

    /// <summary>Reads the content of a file.</summary>
    /// <param name="content">All bytes of the file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="pixelLimit">The most pixels to accept, 1 to 2²⁹ − 1; <see cref="DefaultPixelLimit"/> by default.</param>
    /// <returns>The image.</returns>
    /// <exception cref="InvalidDataException">The content is not PNG, is damaged or truncated, or exceeds the limit.</exception>
    public static PngFile Read(ReadOnlySpan<byte> content, string name, long pixelLimit = DefaultPixelLimit)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(pixelLimit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pixelLimit, LargestPixelLimit);
        return PngDecoder.Decode(content, name, pixelLimit);
    }

    /// <summary>The samples as they are, from 0 to 1.</summary>
    /// <returns>[<see cref="Channels"/>, height, width], float32, on the CPU.</returns>
    public Tensor ToTensor() => Floats(Channels, static (channel, _) => channel);

    /// <summary>The samples as they are in 8 bits; of 16 bits the higher 8, of fewer than 8 bits the nearest of 255 steps.</summary>
    /// <returns>[<see cref="Channels"/>, height, width], uint8, on the CPU.</returns>
    public Tensor ToByteTensor()
    {
        var plane = Width * Height;
        var result = empty([Channels, Height, Width], dtype: ScalarType.Byte);
        var bytes = result.bytes;
        var largest = (1 << BitDepth) - 1;
        for (var i = 0; i < _samples.Length; i++)
            bytes[(i % Channels * plane) + (i / Channels)] = (byte)(BitDepth == 16 ? _samples[i] >> 8 : _samples[i] * 255 / largest);
        return result;
    }

    /// <summary>The image as networks for colour images take it: gray three times, the opacity left out.</summary>
    /// <returns>[3, height, width], float32 from 0 to 1, on the CPU.</returns>
    public Tensor ToRgbTensor() => Floats(ColorChannels, static (channel, channels) => channels < ColorChannels ? 0 : channel);

    private Tensor Floats(int channels, Func<int, int, int> source)
    {
        var plane = Width * Height;
        var values = new float[channels * plane];
        var scale = 1f / ((1 << BitDepth) - 1);
        for (var channel = 0; channel < channels; channel++)
        {
            var from = source(channel, Channels);
            for (var i = 0; i < plane; i++)
                values[(channel * plane) + i] = _samples[(i * Channels) + from] * scale;
        }
        return tensor(values, [channels, Height, Width]);
    }
}
