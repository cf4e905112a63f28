using System.Buffers.Binary;
using System.Text.Json;
using DeepTricks.Kernels;

namespace DeepTricks.Checkpoints;

/// <summary>The header of a file of tensors, checked: every tensor lies whole within the file, and no two overlap.</summary>
/// <param name="Tensors">The tensors by name, in the order of their bytes.</param>
/// <param name="Metadata">The texts by name.</param>
internal sealed record SafeTensorsHeader(IReadOnlyDictionary<string, StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    internal const string MetadataName = "__metadata__";

    // About what the parser and the tensors' descriptions take for a byte of the header.
    private const long ExtraBytesPerByte = 4;

    internal static SafeTensorsHeader Read(StoredFile file, CheckpointReadOptions options)
    {
        Span<byte> prefix = stackalloc byte[SafeTensors.LengthBytes];
        if (file.Length < prefix.Length)
            throw new InvalidDataException($"a file of {file.Length} bytes is too short for a safetensors file.");
        file.CopyTo(0, prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > SafeTensors.LongestHeader)
            throw new InvalidDataException($"neither a checkpoint of PyTorch nor a safetensors file: that would have a header of {length} bytes.");
        if (length > (ulong)(file.Length - prefix.Length))
            throw new InvalidDataException($"cut off, or no safetensors file: the header of {length} bytes goes beyond the end at {file.Length}.");
        new ReadBudget(options).Charge(ExtraBytesPerByte * (long)length);
        var text = new byte[length];
        file.CopyTo(prefix.Length, text);
        try
        {
            using var json = JsonDocument.Parse(text);
            return Parse(json.RootElement, file, prefix.Length + (long)length);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"the header is not that of a safetensors file: {error.Message}", error);
        }
    }

    private static SafeTensorsHeader Parse(JsonElement root, StoredFile file, long dataStart)
    {
        var metadata = new Dictionary<string, string>();
        var tensors = new List<(string Name, StoredTensor Tensor)>();
        var names = new HashSet<string>();
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
                throw new InvalidDataException($"\"{property.Name}\" stands in the header twice.");
            if (property.Name == MetadataName)
                foreach (var pair in property.Value.EnumerateObject())
                    metadata[pair.Name] = pair.Value.GetString()!;
            else
                tensors.Add((property.Name, Tensor(property, file, dataStart)));
        }
        tensors.Sort((one, other) => (one.Tensor.Bytes.Start, one.Tensor.Bytes.Length).CompareTo((other.Tensor.Bytes.Start, other.Tensor.Bytes.Length)));
        for (var i = 1; i < tensors.Count; i++)
            if (tensors[i].Tensor.Bytes.Start < tensors[i - 1].Tensor.Bytes.Start + tensors[i - 1].Tensor.Bytes.Length)
                throw new InvalidDataException($"the tensors \"{tensors[i - 1].Name}\" and \"{tensors[i].Name}\" overlap.");
        return new(tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Tensor), metadata);
    }

    private static StoredTensor Tensor(JsonProperty property, StoredFile file, long dataStart)
    {
        InvalidDataException Bad(string what) => new($"\"{property.Name}\" {what}");

        var name = property.Value.GetProperty("dtype").GetString();
        if (ElementTypes.OfSafeName(name) is not { } type)
            throw Bad($"is of dtype \"{name}\", which is not supported.");
        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (shape.Any(size => size < 0))
            throw Bad($"has the shape {shape.ShapeText()}.");
        if (offsets is not [var begin, var end] || begin < 0 || end < begin)
            throw Bad($"has the offsets [{string.Join(", ", offsets)}].");
        var expected = shape.Aggregate((Int128)ElementTypes.Bytes(type), (product, size) => product > long.MaxValue ? product : product * size);
        if (end - begin != expected)
            throw Bad($"has {end - begin} bytes, where its shape {shape.ShapeText()} and {name} ask for {expected}.");
        return end <= file.Length - dataStart
            ? StoredTensor.Checked(type, shape, StoredTensor.ContiguousStrides(shape), 0, new(file, dataStart + begin, end - begin), 0)
            : throw Bad($"ends at {end}, beyond the {file.Length - dataStart} bytes that the file has: it is cut off.");
    }
}
