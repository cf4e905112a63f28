using System.Buffers.Binary;

namespace DeepTricks.Data;

/// <summary>What the IHDR chunk of a PNG file declares (ISO/IEC 15948, 11.2.2).</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, int ColorType, bool Interlaced)
{
    internal const int Length = 13;
    internal const int Gray = 0;
    internal const int Rgb = 2;
    internal const int Palette = 3;
    private const int GrayAlpha = 4;
    private const int Rgba = 6;

    /// <summary>The samples of a pixel as the file holds them: one for a place in the palette.</summary>
    internal int Samples => ColorType switch { Gray or Palette => 1, GrayAlpha => 2, Rgb => 3, _ => 4 };

    /// <summary>The passes, each a picture of its own: (first column, first row, step across, step down). Adam7 (8.2) where interlaced.</summary>
    internal (int X, int Y, int StepX, int StepY)[] Passes => Interlaced
        ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        : [(0, 0, 1, 1)];

    /// <summary>The bytes of a row of <paramref name="pixels"/> pixels, without the byte that names its filter.</summary>
    internal int Stride(int pixels) => checked((int)((((long)pixels * Samples * BitDepth) + 7) / 8));

    /// <summary>The bytes of all rows of all passes, with their filters.</summary>
    internal long DataLength()
    {
        var length = 0L;
        foreach (var (x, y, stepX, stepY) in Passes)
        {
            var (columns, rows) = (Count(Width, x, stepX), Count(Height, y, stepY));
            length += columns == 0 ? 0 : rows * (1L + Stride(columns));
        }
        return length;
    }

    internal static int Count(int size, int first, int step) => Math.Max(0, (size - first + step - 1) / step);

    internal static PngHeader Parse(ReadOnlySpan<byte> data, string name, long pixelLimit)
    {
        if (data.Length != Length)
            throw new InvalidDataException($"{name}: the header has {data.Length} bytes; expected {Length}.");
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw new InvalidDataException($"{name}: the header says {width} × {height} pixels; expected 1 to {int.MaxValue} both ways.");
        if ((ulong)width * height > (ulong)pixelLimit)
            throw new InvalidDataException($"{name}: the header says {width} × {height} pixels; the limit is {pixelLimit} in all.");
        var (depth, color, compression, filter, interlace) = (data[8], data[9], data[10], data[11], data[12]);
        var known = color switch
        {
            Gray => depth is 1 or 2 or 4 or 8 or 16,
            Palette => depth is 1 or 2 or 4 or 8,
            Rgb or GrayAlpha or Rgba => depth is 8 or 16,
            _ => false,
        };
        if (!known)
            throw new InvalidDataException($"{name}: colour type {color} with {depth} bits does not exist in PNG.");
        if (compression != 0 || filter != 0 || interlace > 1)
            throw new InvalidDataException($"{name}: compression {compression}, filter {filter}, interlace {interlace}; expected 0, 0 and 0 or 1.");
        return new((int)width, (int)height, depth, color, interlace == 1);
    }
}
