using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DeepTricks.Kernels;

namespace DeepTricks.Data;

/// <summary>Decodes PNG: chunks, decompression, filters, passes, palette and transparency.</summary>
internal static class PngDecoder
{
    // Deflate cannot expand its input by more than about 1032 to 1.
    private const long LargestDeflateRatio = 1040;
    private const int ChunkOverhead = 12;
    private const int PaletteEntry = 3;

    internal static PngFile Decode(ReadOnlySpan<byte> content, string name, long pixelLimit)
    {
        if (!content.StartsWith(PngFormat.Signature))
            throw new InvalidDataException($"{name}: not a PNG file: it starts with 0x{Convert.ToHexString(content[..Math.Min(8, content.Length)])}.");

        PngHeader? header = null;
        byte[] palette = [];
        byte[]? transparency = null;
        using var compressed = new MemoryStream();
        var ended = false;
        for (var at = PngFormat.Signature.Length; !ended;)
        {
            var chunk = ReadChunk(content, at, name, out var type);
            at += ChunkOverhead + chunk.Length;
            if (header is null != (type == "IHDR"))
                throw new InvalidDataException($"{name}: the chunk {type} at byte {at - ChunkOverhead - chunk.Length}; expected one IHDR, at the beginning.");
            switch (type)
            {
                case "IHDR":
                    header = PngHeader.Parse(chunk, name, pixelLimit);
                    break;
                case "PLTE":
                    palette = chunk.ToArray();
                    break;
                case "tRNS":
                    transparency = chunk.ToArray();
                    break;
                case "IDAT":
                    compressed.Write(chunk);
                    break;
                case "IEND":
                    ended = true;
                    break;
                case var _ when char.IsAsciiLetterUpper(type[0]):
                    throw new InvalidDataException($"{name}: the chunk {type} is needed for reading and unknown.");
            }
        }

        var shape = header!.Value;
        var samples = Unpack(Inflate(compressed, shape, name), shape, name);
        return shape.ColorType == PngHeader.Palette ? OfPalette(samples, shape, palette, transparency, name)
            : transparency is not null && shape.ColorType is PngHeader.Gray or PngHeader.Rgb ? WithOpacity(samples, shape, transparency, name)
            : new(shape.Width, shape.Height, shape.Samples, shape.BitDepth, samples);
    }

    private static ReadOnlySpan<byte> ReadChunk(ReadOnlySpan<byte> content, int at, string name, out string type)
    {
        if (content.Length - at < ChunkOverhead)
            throw new InvalidDataException($"{name}: the file is truncated: it ends after {content.Length} bytes without its IEND chunk.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(content[at..]);
        type = Encoding.Latin1.GetString(content.Slice(at + 4, 4));
        if (!type.All(char.IsAsciiLetter))
            throw new InvalidDataException($"{name}: no chunk begins at byte {at}: its name is 0x{Convert.ToHexString(content.Slice(at + 4, 4))}.");
        if (length > content.Length - at - ChunkOverhead)
            throw new InvalidDataException($"{name}: the file is truncated: the chunk {type} at byte {at} says {length} bytes; {content.Length - at - ChunkOverhead} are left.");
        var data = content.Slice(at + 8, (int)length);
        var (found, expected) = (PngFormat.Checksum(content.Slice(at + 4, 4), data), BinaryPrimitives.ReadUInt32BigEndian(content[(at + 8 + (int)length)..]));
        return found == expected ? data
            : throw new InvalidDataException($"{name}: the chunk {type} at byte {at} is damaged: its checksum is {found:x8}; expected {expected:x8}.");
    }

    private static byte[] Inflate(MemoryStream compressed, PngHeader header, string name)
    {
        var length = header.DataLength();
        if (length > compressed.Length * LargestDeflateRatio || length > Array.MaxLength)
            throw new InvalidDataException($"{name}: {header.Width} × {header.Height} pixels need {length} bytes, more than {compressed.Length} compressed bytes can hold.");
        var data = new byte[length];
        compressed.Position = 0;
        try
        {
            using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
            var count = zlib.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
            if (count < data.Length)
                throw new InvalidDataException($"the pixels end after {count} bytes; expected {data.Length}.");
            if (zlib.ReadByte() >= 0)
                throw new InvalidDataException($"the pixels go on after {data.Length} bytes.");
            return data;
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{name}: the compressed pixels are damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Undoes filters and passes: the samples of each pixel after each other, rows from top to bottom.</summary>
    private static ushort[] Unpack(byte[] data, PngHeader header, string name)
    {
        var samples = new ushort[checked((long)header.Width * header.Height * header.Samples)];
        var at = 0;
        foreach (var (firstX, firstY, stepX, stepY) in header.Passes)
        {
            var (columns, rows) = (PngHeader.Count(header.Width, firstX, stepX), PngHeader.Count(header.Height, firstY, stepY));
            if (columns == 0)
                continue;
            var stride = header.Stride(columns);
            ReadOnlySpan<byte> above = new byte[stride];
            for (var row = 0; row < rows; row++, at += stride + 1)
            {
                var line = data.AsSpan(at + 1, stride);
                Unfilter(data[at], line, above, Math.Max(1, header.Samples * header.BitDepth / 8), name);
                var target = ((long)(firstY + (row * stepY)) * header.Width) + firstX;
                for (var column = 0; column < columns; column++, target += stepX)
                    for (var sample = 0; sample < header.Samples; sample++)
                        samples[(target * header.Samples) + sample] = Sample(line, (column * header.Samples) + sample, header.BitDepth);
                above = line;
            }
        }
        return samples;
    }

    private static ushort Sample(ReadOnlySpan<byte> line, int index, int bits) => bits switch
    {
        8 => line[index],
        16 => BinaryPrimitives.ReadUInt16BigEndian(line[(2 * index)..]),
        _ => (ushort)((line[index * bits / 8] >> (8 - bits - (index * bits % 8))) & ((1 << bits) - 1)),
    };

    private static void Unfilter(byte filter, Span<byte> line, ReadOnlySpan<byte> above, int pixel, string name)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (var i = pixel; i < line.Length; i++)
                    line[i] += line[i - pixel];
                break;
            case 2:
                for (var i = 0; i < line.Length; i++)
                    line[i] += above[i];
                break;
            case 3:
                for (var i = 0; i < line.Length; i++)
                    line[i] += (byte)(((i < pixel ? 0 : line[i - pixel]) + above[i]) / 2);
                break;
            case 4:
                for (var i = 0; i < line.Length; i++)
                    line[i] += (byte)(i < pixel ? above[i] : PngFormat.Paeth(line[i - pixel], above[i], above[i - pixel]));
                break;
            default:
                throw new InvalidDataException($"{name}: a row says filter {filter}; expected 0 to 4.");
        }
    }

    private static PngFile OfPalette(ushort[] places, PngHeader header, byte[] palette, byte[]? opacity, string name)
    {
        if (palette.Length is 0 or > 256 * PaletteEntry || palette.Length % PaletteEntry != 0)
            throw new InvalidDataException($"{name}: the palette has {palette.Length} bytes; expected {PaletteEntry} for each of 1 to 256 colours.");
        var channels = opacity is null ? PaletteEntry : PaletteEntry + 1;
        var samples = new ushort[checked((long)places.Length * channels)];
        for (var i = 0; i < places.Length; i++)
        {
            var place = places[i];
            if (place >= palette.Length / PaletteEntry)
                throw new InvalidDataException($"{name}: a pixel has colour {place} of a palette of {palette.Length / PaletteEntry}.");
            for (var channel = 0; channel < PaletteEntry; channel++)
                samples[(i * channels) + channel] = palette[(place * PaletteEntry) + channel];
            if (opacity is not null)
                samples[(i * channels) + PaletteEntry] = place < opacity.Length ? opacity[place] : (ushort)byte.MaxValue;
        }
        return new(header.Width, header.Height, channels, 8, samples);
    }

    // Gray and RGB may name one colour that is transparent; all others are opaque.
    private static PngFile WithOpacity(ushort[] samples, PngHeader header, byte[] transparent, string name)
    {
        var channels = header.Samples;
        if (transparent.Length != 2 * channels)
            throw new InvalidDataException($"{name}: the transparent colour has {transparent.Length} bytes; expected {2 * channels}.");
        var pixels = samples.Length / channels;
        var largest = (ushort)((1 << header.BitDepth) - 1);
        var result = new ushort[checked((long)pixels * (channels + 1))];
        for (var i = 0; i < pixels; i++)
        {
            var clear = true;
            for (var channel = 0; channel < channels; channel++)
            {
                var value = samples[(i * channels) + channel];
                result[(i * (channels + 1)) + channel] = value;
                clear &= value == (BinaryPrimitives.ReadUInt16BigEndian(transparent.AsSpan(2 * channel)) & largest);
            }
            result[(i * (channels + 1)) + channels] = clear ? (ushort)0 : largest;
        }
        return new(header.Width, header.Height, channels + 1, header.BitDepth, result);
    }
}
