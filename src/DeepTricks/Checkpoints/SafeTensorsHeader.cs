using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>The header of a file of tensors, checked: every tensor lies whole within the file, and no two overlap.</summary>
internal sealed record SafeTensorsHeader(IReadOnlyList<SafeTensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long DataStart)
{
    internal const string MetadataName = "__metadata__";

    private static readonly (ScalarType Type, string Name, int Bytes)[] Types =
    [
        (ScalarType.Bool, "BOOL", 1), (ScalarType.Byte, "U8", 1), (ScalarType.Int8, "I8", 1), (ScalarType.Int16, "I16", 2),
        (ScalarType.Int32, "I32", 4), (ScalarType.Int64, "I64", 8), (ScalarType.Float16, "F16", 2), (ScalarType.BFloat16, "BF16", 2),
        (ScalarType.Float32, "F32", 4), (ScalarType.Float64, "F64", 8),
    ];

    internal static string? TypeName(ScalarType type) => Types.FirstOrDefault(known => known.Type == type).Name;

    internal static SafeTensorsHeader Read(Stream stream, string path)
    {
        InvalidDataException Bad(string what, Exception? inner = null) => new($"{path}: {what}", inner);

        Span<byte> prefix = stackalloc byte[SafeTensors.LengthBytes];
        if (stream.Length < prefix.Length)
            throw Bad($"a file of {stream.Length} bytes is too short for a safetensors file.");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > SafeTensors.LongestHeader)
            throw Bad($"no safetensors file: it would have a header of {length} bytes.");
        if (length > (ulong)(stream.Length - prefix.Length))
            throw Bad($"cut off, or no safetensors file: the header of {length} bytes goes beyond the end at {stream.Length}.");
        var text = new byte[length];
        stream.ReadExactly(text);
        try
        {
            using var json = JsonDocument.Parse(text);
            return Parse(json.RootElement, stream.Position, stream.Length, path);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Bad($"the header is not that of a safetensors file: {error.Message}", error);
        }
    }

    private static SafeTensorsHeader Parse(JsonElement root, long dataStart, long fileLength, string path)
    {
        var metadata = new Dictionary<string, string>();
        var entries = new List<SafeTensorsEntry>();
        var names = new HashSet<string>();
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
                throw new InvalidDataException($"{path}: \"{property.Name}\" stands in the header twice.");
            if (property.Name == MetadataName)
                foreach (var pair in property.Value.EnumerateObject())
                    metadata[pair.Name] = pair.Value.GetString()!;
            else
                entries.Add(Entry(property, fileLength - dataStart, path));
        }
        entries.Sort((one, other) => one.Begin != other.Begin ? one.Begin.CompareTo(other.Begin) : one.End.CompareTo(other.End));
        for (var i = 1; i < entries.Count; i++)
            if (entries[i].Begin < entries[i - 1].End)
                throw new InvalidDataException($"{path}: the tensors \"{entries[i - 1].Name}\" and \"{entries[i].Name}\" overlap.");
        return new(entries, metadata, dataStart);
    }

    private static SafeTensorsEntry Entry(JsonProperty property, long dataLength, string path)
    {
        InvalidDataException Bad(string what) => new($"{path}: \"{property.Name}\" {what}");

        var name = property.Value.GetProperty("dtype").GetString();
        var type = Types.FirstOrDefault(known => known.Name == name);
        if (type.Name is null)
            throw Bad($"is of dtype \"{name}\", which is not supported.");
        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (shape.Any(size => size < 0))
            throw Bad($"has the shape [{string.Join(", ", shape)}].");
        if (offsets is not [var begin, var end] || begin < 0 || end < begin)
            throw Bad($"has the offsets [{string.Join(", ", offsets)}].");
        var expected = shape.Aggregate((Int128)type.Bytes, (product, size) => product > long.MaxValue ? product : product * size);
        if (end - begin != expected)
            throw Bad($"has {end - begin} bytes, where its shape [{string.Join(", ", shape)}] and {name} ask for {expected}.");
        return end <= dataLength
            ? new(property.Name, type.Type, shape, begin, end)
            : throw Bad($"ends at {end}, beyond the {dataLength} bytes that the file has: it is cut off.");
    }
}
