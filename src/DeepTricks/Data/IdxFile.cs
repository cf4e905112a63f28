using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>
/// An array read from the IDX format, in which MNIST and its relatives are published: a magic number, the sizes of the
/// dimensions and the elements, all big-endian, optionally compressed with gzip (told by the content, not by the name).
/// </summary>
/// <remarks>
/// A file that is not exactly what its header says (truncated, with bytes left over, or with sizes beyond the limit) is refused
/// with an <see cref="InvalidDataException"/> that names the file, what was found and what was expected. Memory is allocated as
/// the content arrives, so that a false header cannot ask for more than about twice what the file holds.
/// Format: http://yann.lecun.com/exdb/mnist/, "The IDX file format".
/// </remarks>
public sealed class IdxFile
{
    /// <summary>
    /// The most bytes of elements that are read unless the caller sets another limit: 2,147,483,591, the longest .NET array.
    /// </summary>
    public static long DefaultByteLimit => Array.MaxLength;

    // Deflate cannot expand its input by more than about 1032 to 1.
    private const long LargestDeflateRatio = 1040;
    private const int FirstAllocation = 1 << 20;

    private readonly int[] _shape;
    private readonly byte[] _data;

    private IdxFile(string name, IdxElementType elementType, int[] shape, byte[] data)
    {
        Name = name;
        ElementType = elementType;
        _shape = shape;
        _data = data;
    }

    /// <summary>Where the array came from, as it stands in messages: the path, or the name given with the stream.</summary>
    public string Name { get; }

    /// <summary>The type of the elements.</summary>
    public IdxElementType ElementType { get; }

    /// <summary>The sizes of the dimensions, outermost first; at least one.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The elements in row-major order, as bytes in this machine's byte order.</summary>
    public ReadOnlySpan<byte> Bytes => _data;

    /// <summary>The elements in row-major order.</summary>
    /// <typeparam name="T">The .NET type that <see cref="ElementType"/> stands for.</typeparam>
    /// <returns>A view of the array's own memory.</returns>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the type of the elements.</exception>
    public ReadOnlySpan<T> Elements<T>()
        where T : unmanaged
    {
        var expected = ElementType switch
        {
            IdxElementType.UInt8 => typeof(byte),
            IdxElementType.Int8 => typeof(sbyte),
            IdxElementType.Int16 => typeof(short),
            IdxElementType.Int32 => typeof(int),
            IdxElementType.Float32 => typeof(float),
            _ => typeof(double),
        };
        return typeof(T) == expected
            ? MemoryMarshal.Cast<byte, T>(_data)
            : throw new ArgumentException($"{Name} holds {expected.Name}; {typeof(T).Name} was asked for.", nameof(T));
    }

    /// <summary>Copies the elements into a tensor on the CPU.</summary>
    /// <returns>A tensor of the same shape: uint8, int8, int16, int32, float32 or float64.</returns>
    public Tensor ToTensor()
    {
        var type = ElementType switch
        {
            IdxElementType.UInt8 => ScalarType.Byte,
            IdxElementType.Int8 => ScalarType.Int8,
            IdxElementType.Int16 => ScalarType.Int16,
            IdxElementType.Int32 => ScalarType.Int32,
            IdxElementType.Float32 => ScalarType.Float32,
            _ => ScalarType.Float64,
        };
        var result = empty(Array.ConvertAll(_shape, size => (long)size), dtype: type);
        _data.CopyTo(result.bytes);
        return result;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, compressed with gzip or not.</param>
    /// <param name="byteLimit">The most bytes of elements to accept; <see cref="DefaultByteLimit"/> where null.</param>
    /// <returns>The array.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is not IDX, is truncated, is longer than its header says, or exceeds the limit.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxFile Read(string path, long? byteLimit = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return Read(stream, path, byteLimit);
    }

    /// <summary>Reads a stream from where it stands to its end.</summary>
    /// <param name="stream">The content, compressed with gzip or not; left open.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="byteLimit">The most bytes of elements to accept; <see cref="DefaultByteLimit"/> where null.</param>
    /// <returns>The array.</returns>
    /// <exception cref="InvalidDataException">
    /// The content is not IDX, is truncated, is longer than its header says, or exceeds the limit.
    /// </exception>
    public static IdxFile Read(Stream stream, string name, long? byteLimit = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var limit = byteLimit ?? DefaultByteLimit;
        if (limit < 0 || limit > DefaultByteLimit)
        {
            throw new ArgumentOutOfRangeException(nameof(byteLimit), limit, $"Expected 0 to {DefaultByteLimit} bytes.");
        }

        Span<byte> first = stackalloc byte[2];
        var firstCount = stream.ReadAtLeast(first, 2, throwOnEndOfStream: false);
        var length = stream.CanSeek ? stream.Length - stream.Position + firstCount : (long?)null;
        using var whole = new PrefixedStream(first[..firstCount].ToArray(), stream);
        if (firstCount < 2 || first is not [0x1F, 0x8B])
        {
            return ReadPlain(whole, name, limit, length, "the file");
        }

        try
        {
            using var inflated = new GZipStream(whole, CompressionMode.Decompress, leaveOpen: true);
            var file = ReadPlain(inflated, name, limit, length * LargestDeflateRatio, "the decompressed file");
            CheckGzipEnd(stream, file);
            return file;
        }
        catch (InvalidDataException exception) when (!exception.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name}: the gzip content is damaged or truncated: {exception.Message}", exception);
        }
    }

    private static IdxFile ReadPlain(Stream stream, string name, long limit, long? longest, string what)
    {
        Span<byte> magic = stackalloc byte[IdxHeader.MagicLength];
        Fill(stream, magic, name, $"{what} ends within the magic number");
        Span<byte> sizes = stackalloc byte[IdxHeader.SizesLength(magic, name)];
        Fill(stream, sizes, name, $"{what} ends within the sizes of its {magic[3]} dimensions");
        var header = IdxHeader.Parse(magic, sizes, limit, name);
        var declared = header.Length + header.DataLength;
        if (longest < declared)
        {
            throw new InvalidDataException(
                $"{name}: {what} is truncated: it holds at most {longest} bytes; the header ({Describe(header)}) expects {declared}.");
        }

        var data = ReadElements(stream, header, name, what);
        if (stream.ReadByte() >= 0)
        {
            throw new InvalidDataException($"{name}: {what} goes on after its {declared} bytes; the header declares {Describe(header)}.");
        }

        ToMachineOrder(data, header.ElementSize);
        return new(name, header.ElementType, header.Shape, data);
    }

    private static byte[] ReadElements(Stream stream, IdxHeader header, string name, string what)
    {
        var data = new byte[Math.Min(header.DataLength, FirstAllocation)];
        var read = 0;
        while (true)
        {
            var count = stream.ReadAtLeast(data.AsSpan(read), data.Length - read, throwOnEndOfStream: false);
            read += count;
            if (read < data.Length)
            {
                throw new InvalidDataException(
                    $"{name}: {what} is truncated: it ends after {header.Length + read} bytes; the header ({Describe(header)}) expects {header.Length + header.DataLength}.");
            }

            if (read == header.DataLength)
            {
                return data;
            }

            Array.Resize(ref data, (int)Math.Min(header.DataLength, 2L * data.Length));
        }
    }

    private static string Describe(IdxHeader header) => $"{IdxHeader.Text(header.Shape)} of {header.ElementType}";

    private static void Fill(Stream stream, Span<byte> buffer, string name, string problem)
    {
        var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (count < buffer.Length)
        {
            throw new InvalidDataException($"{name}: {problem}: {count} of {buffer.Length} bytes found.");
        }
    }

    // GZipStream ignores what follows the compressed member. Its trailer ends with the decompressed length (modulo 2^32), so a
    // file with anything appended does not end with that number.
    private static void CheckGzipEnd(Stream stream, IdxFile file)
    {
        if (!stream.CanSeek)
        {
            return;
        }

        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        stream.Seek(-trailer.Length, SeekOrigin.End);
        stream.ReadExactly(trailer);
        var expected = (uint)(IdxHeader.MagicLength + (sizeof(int) * file._shape.Length) + file._data.Length);
        var found = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        if (found != expected)
        {
            throw new InvalidDataException(
                $"{file.Name}: the gzip file goes on after its first member: its last four bytes say {found}; expected the decompressed length {expected}.");
        }
    }

    private static void ToMachineOrder(byte[] data, int elementSize)
    {
        if (!BitConverter.IsLittleEndian)
        {
            return;
        }

        switch (elementSize)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, short>(data.AsSpan());
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, int>(data.AsSpan());
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, long>(data.AsSpan());
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
