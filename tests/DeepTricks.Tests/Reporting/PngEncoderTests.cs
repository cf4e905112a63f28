using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DeepTricks.Reporting;

namespace DeepTricks.Tests.Reporting;

public sealed class PngEncoderTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(28, 28, 1)]
    [InlineData(17, 5, 3)]
    [InlineData(64, 48, 4)]
    public void Encode_Noise_DecodesToTheSamePixels(int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        new Random(7).NextBytes(pixels);

        Assert.Equal(pixels, Decode(PngEncoder.Encode(pixels, width, height, channels), width, channels));
    }

    [Fact]
    public void Encode_Gradient_DecodesAndIsSmallerThanThePixels()
    {
        byte[] pixels = [.. Enumerable.Range(0, 100 * 100 * 3).Select(i => (byte)(i / 300 + i / 3 % 100))];

        var png = PngEncoder.Encode(pixels, 100, 100, 3);

        Assert.Equal(pixels, Decode(png, 100, 3));
        Assert.True(png.Length < pixels.Length / 20, $"{png.Length} bytes");
    }

    [Fact]
    public void Encode_OneBlackPixel_HasHeaderAndChecksumsOfTheSpecification()
    {
        var png = PngEncoder.Encode([0], 1, 1, 1);

        Assert.Equal("89504E470D0A1A0A0000000D49484452000000010000000108000000003A7E9B55", Convert.ToHexString(png.AsSpan(0, 33)));
        Assert.Equal("0000000049454E44AE426082", Convert.ToHexString(png.AsSpan(png.Length - 12)));
    }

    [Fact]
    public void Encode_WrongNumberOfBytes_NamesBothNumbers()
    {
        var error = Assert.Throws<ArgumentException>(() => PngEncoder.Encode(new byte[10], 2, 2, 3));

        Assert.Equal("pixels", error.ParamName);
        Assert.Contains("10", error.Message);
        Assert.Contains("12", error.Message);
    }

    [Theory]
    [InlineData(0, 1, 1, "width")]
    [InlineData(1, -1, 1, "height")]
    [InlineData(1, 1, 2, "channels")]
    public void Encode_BadSize_NamesTheParameter(int width, int height, int channels, string name)
        => Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(() => PngEncoder.Encode(new byte[2], width, height, channels)).ParamName);

    private static byte[] Decode(byte[] png, int width, int channels)
    {
        using var compressed = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (Encoding.ASCII.GetString(png, at + 4, 4) == "IDAT")
                compressed.Write(png, at + 8, length);
            at += 12 + length;
        }
        compressed.Position = 0;
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);

        // Undoes the filters byte by byte, as the specification words them (9.2).
        var (data, stride) = (raw.ToArray(), width * channels);
        var pixels = new byte[data.Length / (stride + 1) * stride];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (row, column) = (i / stride, i % stride);
            int a = column >= channels ? pixels[i - channels] : 0;
            int b = row > 0 ? pixels[i - stride] : 0;
            int c = row > 0 && column >= channels ? pixels[i - stride - channels] : 0;
            var p = a + b - c;
            var nearest = new[] { a, b, c }.MinBy(value => Math.Abs(p - value));
            var guess = data[row * (stride + 1)] switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, 4 => nearest, var other => throw new InvalidDataException($"filter {other}") };
            pixels[i] = (byte)(data[row * (stride + 1) + 1 + column] + guess);
        }
        return pixels;
    }
}
