using System.Buffers.Binary;
using System.IO.Compression;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Reporting;

/// <summary>Writes 8-bit gray, RGB and RGBA pictures as PNG (ISO/IEC 15948), without a graphics library.</summary>
public static class PngEncoder
{
    private const int Filters = 5;

    /// <summary>Encodes interleaved pixels, rows from top to bottom.</summary>
    /// <param name="pixels">height × width × channels bytes.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="channels">1 (gray), 3 (RGB) or 4 (RGB with opacity).</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">A size is below 1, the channels are others, or the pixels are more or fewer than the sizes say.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        byte colorType = channels switch
        {
            1 => 0,
            3 => 2,
            4 => 6,
            _ => throw new ArgumentException($"Got {channels} channels; expected 1 (gray), 3 (RGB) or 4 (RGBA).", nameof(channels)),
        };
        if (pixels.Length != (long)width * height * channels)
            throw new ArgumentException($"Got {pixels.Length} bytes; expected {(long)width * height * channels}, {height} × {width} × {channels}.", nameof(pixels));

        using var file = new MemoryStream();
        file.Write(PngFormat.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = colorType;
        header[10..].Clear();
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(pixels, width * channels, channels));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>Encodes an image tensor; it may live on any device, need gradients and be a view.</summary>
    /// <param name="image">
    /// [channels, height, width] with 1 (gray), 3 (RGB) or 4 (RGBA) channels, or [height, width]: floating point in [0, 1], rounded to 255 steps, or Byte.
    /// </param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">The shape or dtype is another, or a value is not finite or outside [0, 1] by more than 0.001.</exception>
    public static byte[] Encode(Tensor image)
    {
        var pixels = TensorPixels.Read(image);
        return Encode(pixels.Bytes, pixels.Width, pixels.Height, pixels.Channels);
    }

    private static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> pixels, int stride, int channels)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var candidate = new byte[stride + 1];
            var best = new byte[stride + 1];
            ReadOnlySpan<byte> above = new byte[stride];
            for (var start = 0; start < pixels.Length; start += stride)
            {
                var row = pixels.Slice(start, stride);
                var smallest = long.MaxValue;
                // The usual heuristic of the specification (12.8): the filter whose signed bytes have the smallest sum.
                for (byte filter = 0; filter < Filters; filter++)
                {
                    var sum = Filter(filter, row, above, channels, candidate);
                    if (sum < smallest)
                        (smallest, best, candidate) = (sum, candidate, best);
                }
                zlib.Write(best);
                above = row;
            }
        }
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    private static long Filter(byte filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int channels, Span<byte> filtered)
    {
        filtered[0] = filter;
        var sum = 0L;
        for (var i = 0; i < row.Length; i++)
        {
            var (left, up, corner) = i < channels ? ((byte)0, above[i], (byte)0) : (row[i - channels], above[i], above[i - channels]);
            var guess = filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => PngFormat.Paeth(left, up, corner) };
            filtered[i + 1] = (byte)(row[i] - guess);
            sum += Math.Abs((int)(sbyte)filtered[i + 1]);
        }
        return sum;
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngFormat.Checksum(type, data));
        file.Write(number);
    }
}
