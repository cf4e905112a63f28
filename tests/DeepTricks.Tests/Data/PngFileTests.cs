using System.Buffers.Binary;
using DeepTricks.Data;
using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Data;

/// <summary>Against files written by tests/fixtures/data/make_png.py, which Pillow reads the same way.</summary>
public sealed class PngFileTests
{
    private const int Width = 13;
    private const int Height = 11;
    private const int PaletteCount = 13;

    public static TheoryData<int, int, bool> Kinds()
    {
        var kinds = new TheoryData<int, int, bool>();
        foreach (var (color, depths) in new (int, int[])[] { (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]) })
        {
            foreach (var depth in depths)
            {
                kinds.Add(color, depth, false);
                kinds.Add(color, depth, true);
            }
        }
        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_EveryKind_GivesThePixels(int color, int bits, bool interlaced)
    {
        var file = PngFile.Read(Path($"color{color}-{bits}bit{(interlaced ? "-adam7" : "")}.png"));

        Assert.Equal((Width, Height), (file.Width, file.Height));
        Assert.Equal(color switch { 0 => 1, 4 => 2, 6 => 4, _ => 3 }, file.Channels);
        Assert.Equal(color == 3 ? 8 : bits, file.BitDepth);
        using var read = file.ToTensor();
        Assert.Equal([file.Channels, Height, Width], read.shape);
        var largest = (1 << file.BitDepth) - 1;
        for (var c = 0; c < file.Channels; c++)
            for (var y = 0; y < Height; y++)
                for (var x = 0; x < Width; x++)
                    Assert.Equal((color == 3 ? Palette(Value(x, y, 0, bits) % PaletteCount, c) : Value(x, y, c, bits)) / (double)largest, read[c, y, x].item<float>(), 1e-6);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 1)]
    [InlineData(1, 7)]
    public void Read_InterlacedWithEmptyPasses_GivesThePixels(int width, int height)
    {
        using var read = PngFile.Read(Path($"size-{width}x{height}-adam7.png")).ToByteTensor();

        Assert.Equal([3, height, width], read.shape);
        Assert.Equal(from c in Enumerable.Range(0, 3) from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) select (byte)Value(x, y, c, 8), read.data<byte>().ToArray());
    }

    [Fact]
    public void Read_SeveralDataChunks_AreOneStream()
    {
        using var whole = PngFile.Read(Path("color2-8bit.png")).ToByteTensor();
        using var parts = PngFile.Read(Path("many-idat.png")).ToByteTensor();

        Assert.Equal(whole.data<byte>().ToArray(), parts.data<byte>().ToArray());
    }

    [Fact]
    public void Read_TransparentPalette_HasOpacity()
    {
        var file = PngFile.Read(Path("transparent-palette.png"));

        using var read = file.ToByteTensor();
        Assert.Equal(4, file.Channels);
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
                Assert.Equal((Value(x, y, 0, 4) % PaletteCount) switch { 0 => 0, 1 => 128, _ => 255 }, read[3, y, x].item<byte>());
    }

    [Fact]
    public void Read_TransparentColour_IsClearWhereAllChannelsAgree()
    {
        using var read = PngFile.Read(Path("transparent-rgb.png")).ToByteTensor();

        Assert.Equal(4, read.shape[0]);
        Assert.Equal(0, read[3, 3, 2].item<byte>());
        Assert.Equal(255, read[3, 0, 0].item<byte>());
    }

    [Fact]
    public void ToRgbTensor_GrayWithOpacity_IsGrayThreeTimes()
    {
        var file = PngFile.Read(Path("color4-8bit.png"));

        using var rgb = file.ToRgbTensor();
        using var all = file.ToTensor();
        Assert.Equal([3, Height, Width], rgb.shape);
        for (var c = 0; c < 3; c++)
            Assert.Equal(all[0].data<float>().ToArray(), rgb[c].data<float>().ToArray());
    }

    [Fact]
    public void ToByteTensor_SixteenAndTwoBits_UseTheWholeRange()
    {
        using var deep = PngFile.Read(Path("color0-16bit.png")).ToByteTensor();
        using var flat = PngFile.Read(Path("color0-2bit.png")).ToByteTensor();

        Assert.Equal(Value(4, 5, 0, 16) >> 8, deep[0, 5, 4].item<byte>());
        Assert.Equal(Value(4, 5, 0, 2) * 85, flat[0, 5, 4].item<byte>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_WhatPngEncoderWrote_IsTheSame(int channels)
    {
        var pixels = new byte[17 * 9 * channels];
        new Random(3).NextBytes(pixels);

        using var read = PngFile.Read(PngEncoder.Encode(pixels, 17, 9, channels), "noise").ToByteTensor();

        Assert.Equal(pixels, read.permute(1, 2, 0).contiguous().data<byte>().ToArray());
    }

    [Fact]
    public void Read_TruncatedAnywhere_SaysSo()
    {
        var content = File.ReadAllBytes(Path("color2-8bit.png"));

        for (var length = 0; length < content.Length; length++)
            Assert.StartsWith("cut", Assert.Throws<InvalidDataException>(() => PngFile.Read(content.AsSpan(0, length), "cut")).Message);
    }

    [Fact]
    public void Read_OneBitTurned_IsRefused()
    {
        var content = File.ReadAllBytes(Path("color3-4bit-adam7.png"));

        for (var bit = 0; bit < 8 * content.Length; bit++)
        {
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => PngFile.Read(content, "damaged"));
            content[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Read_MorePixelsThanTheLimit_SaysBoth()
    {
        var message = Assert.Throws<InvalidDataException>(() => PngFile.Read(Path("color2-8bit.png"), pixelLimit: 142)).Message;

        Assert.Contains("13 × 11", message);
        Assert.Contains("142", message);
        Assert.Equal(Width, PngFile.Read(Path("color2-8bit.png"), pixelLimit: 143).Width);
    }

    [Fact]
    public void Read_HeaderThatPromisesMoreThanTheFileHolds_IsRefusedBeforeAllocation()
    {
        var content = PngEncoder.Encode([0], 1, 1, 1);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(16), 10_000);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(20), 10_000);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(29), DeepTricks.Kernels.PngFormat.Checksum("IHDR"u8, content.AsSpan(16, 13)));

        Assert.Contains("more than", Assert.Throws<InvalidDataException>(() => PngFile.Read(content, "liar")).Message);
    }

    [Fact]
    public void Read_OtherContent_NamesTheFileAndWhatItStartsWith()
    {
        var message = Assert.Throws<InvalidDataException>(() => PngFile.Read("GIF89a, no PNG"u8, "cat.png")).Message;

        Assert.Contains("cat.png", message);
        Assert.Contains("0x474946", message);
    }

    private static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "fixtures", "data", name);

    private static int Value(int x, int y, int c, int bits) => ((x * 3701) + (y * 9103) + (c * 5303) + (x * y * 1117)) % (1 << bits);

    private static int Palette(int index, int channel) => channel switch { 0 => index * 40 % 256, 1 => ((index * 90) + 7) % 256, _ => (255 - (index * 30) + 256) % 256 };
}
