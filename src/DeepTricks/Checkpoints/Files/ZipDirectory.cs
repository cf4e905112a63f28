using System.Buffers.Binary;
using System.Text;

namespace DeepTricks.Checkpoints;

/// <summary>
/// The records of a zip archive by name, each checked to lie within the file. Our own, because records are read from their place in the file,
/// and <see cref="System.IO.Compression.ZipArchive"/> does not say where they are.
/// </summary>
internal static class ZipDirectory
{
    private const uint LocalSignature = 0x04034b50, EntrySignature = 0x02014b50, EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50, Locator64Signature = 0x07064b50;
    private const int LocalBytes = 30, EntryBytes = 46, EndBytes = 22, Locator64Bytes = 20, End64Bytes = 56;
    private const ushort Zip64Field = 1, Stored = 0, Deflated = 8, EncryptedFlag = 1;

    // Deflate cannot do better than 1032 : 1; whatever claims more lies.
    private const long BestCompression = 1032;

    /// <summary>Reads the directory.</summary>
    /// <exception cref="InvalidDataException">The archive is cut off or damaged, or of a kind that PyTorch does not write.</exception>
    internal static Dictionary<string, StoredBytes> Read(StoredFile file, ReadBudget budget)
    {
        var (start, length) = FindDirectory(file);
        budget.Charge(length);
        if (length > int.MaxValue / 2)
            throw new InvalidDataException($"the zip archive has a directory of {length} bytes.");
        var directory = new byte[length];
        file.CopyTo(start, directory);
        var records = new Dictionary<string, StoredBytes>();
        for (var rest = directory.AsSpan(); rest.Length > 0;)
        {
            budget.Charge(200);
            var (name, bytes, next) = ReadEntry(file, rest);
            if (!records.TryAdd(name, bytes))
                throw new InvalidDataException($"the zip archive has the record \"{name}\" twice.");
            rest = rest[next..];
        }
        return records;
    }

    private static (long Start, long Length) FindDirectory(StoredFile file)
    {
        var tail = new byte[Math.Min(file.Length, EndBytes + ushort.MaxValue)];
        file.CopyTo(file.Length - tail.Length, tail);
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (UInt32(end, 0) != EndSignature)
                continue;
            long length = UInt32(end, 12), start = UInt32(end, 16);
            var place = file.Length - tail.Length + at;
            if (length == uint.MaxValue || start == uint.MaxValue || UInt16(end, 10) == ushort.MaxValue)
                (start, length) = Directory64(file, place) ?? (start, length);
            if (start + length > place)
                throw new InvalidDataException("the directory of the zip archive goes beyond its end.");
            return (start, length);
        }
        throw new InvalidDataException("a zip archive without its directory, which stands at the end: the file is cut off.");
    }

    private static (long Start, long Length)? Directory64(StoredFile file, long end)
    {
        if (end < Locator64Bytes)
            return null;
        Span<byte> locator = stackalloc byte[Locator64Bytes];
        file.CopyTo(end - Locator64Bytes, locator);
        if (UInt32(locator, 0) != Locator64Signature)
            return null;
        Span<byte> end64 = stackalloc byte[End64Bytes];
        file.CopyTo(Int64(locator, 8), end64);
        return UInt32(end64, 0) == End64Signature ? (Int64(end64, 48), Int64(end64, 40)) : throw new InvalidDataException("the zip archive has no ZIP64 end where it says.");
    }

    private static (string Name, StoredBytes Bytes, int Next) ReadEntry(StoredFile file, ReadOnlySpan<byte> entry)
    {
        if (entry.Length < EntryBytes || UInt32(entry, 0) != EntrySignature)
            throw new InvalidDataException("the directory of the zip archive is damaged.");
        var (nameLength, extraLength, noteLength) = (UInt16(entry, 28), UInt16(entry, 30), UInt16(entry, 32));
        var next = EntryBytes + nameLength + extraLength + noteLength;
        if (next > entry.Length)
            throw new InvalidDataException("the directory of the zip archive is cut off.");
        var name = Encoding.UTF8.GetString(entry.Slice(EntryBytes, nameLength));
        if ((UInt16(entry, 8) & EncryptedFlag) != 0)
            throw new InvalidDataException($"the record \"{name}\" is encrypted.");
        var sizes = new Sizes(UInt32(entry, 20), UInt32(entry, 24), UInt32(entry, 42)).With64(entry.Slice(EntryBytes + nameLength, extraLength));
        var method = UInt16(entry, 10);
        var deflated = method switch
        {
            Stored when sizes.Packed == sizes.Full => (long?)null,
            Deflated when sizes.Full / BestCompression <= sizes.Packed => sizes.Packed,
            Stored or Deflated => throw new InvalidDataException($"the record \"{name}\" has {sizes.Packed} bytes for {sizes.Full}, which cannot be."),
            _ => throw new InvalidDataException($"the record \"{name}\" is packed by the method {method}; expected stored or deflated."),
        };
        return (name, new(file, DataStart(file, sizes, name), sizes.Full, deflated), next);
    }

    private static long DataStart(StoredFile file, Sizes sizes, string name)
    {
        Span<byte> local = stackalloc byte[LocalBytes];
        file.CopyTo(sizes.Header, local);
        if (UInt32(local, 0) != LocalSignature)
            throw new InvalidDataException($"the record \"{name}\" is not where the directory says.");
        // The field behind the name, by which PyTorch moves the data to a multiple of 64.
        var start = sizes.Header + LocalBytes + UInt16(local, 26) + UInt16(local, 28);
        return start <= file.Length - sizes.Packed ? start : throw new InvalidDataException($"the record \"{name}\" goes beyond the end of the file.");
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]) is >= 0 and var value
        ? value
        : throw new InvalidDataException("a size in the zip archive is too large.");

    private readonly record struct Sizes(long Packed, long Full, long Header)
    {
        // The field has those numbers, in this order, that do not fit into the entry itself.
        internal Sizes With64(ReadOnlySpan<byte> extra)
        {
            var sizes = this;
            while (extra.Length >= 4)
            {
                var (kind, length) = (UInt16(extra, 0), UInt16(extra, 2));
                if (length > extra.Length - 4)
                    throw new InvalidDataException("a field in the directory of the zip archive is cut off.");
                if (kind == Zip64Field)
                {
                    var field = extra.Slice(4, length);
                    var at = 0;
                    sizes = new() { Full = Next(field, sizes.Full, ref at), Packed = Next(field, sizes.Packed, ref at), Header = Next(field, sizes.Header, ref at) };
                }
                extra = extra[(4 + length)..];
            }
            return sizes;
        }

        private static long Next(ReadOnlySpan<byte> field, long value, ref int at)
        {
            if (value != uint.MaxValue)
                return value;
            if (at + 8 > field.Length)
                throw new InvalidDataException("a ZIP64 field is too short.");
            at += 8;
            return Int64(field, at - 8);
        }
    }
}
