using System.Buffers.Binary;
using System.Text.Json;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>
/// Named tensors in one file, in the layout of Hugging Face's safetensors: eight bytes with the length of a JSON header, the header,
/// the tensors' bytes. Python's <c>safetensors</c> reads what this writes and the other way round; reading runs no code from the file.
/// </summary>
public static class SafeTensors
{
    internal const int LengthBytes = 8;

    /// <summary>The longest header that is read, the same as in the original implementation: 100 MB.</summary>
    internal const long LongestHeader = 100_000_000;

    /// <summary>Writes tensors and texts to a file, whole or not at all: a process killed meanwhile leaves the old file as it was.</summary>
    /// <param name="path">The file to replace or create; its folder is created where it is missing.</param>
    /// <param name="tensors">The tensors by name, of any shape, device and dtype but complex ones and quantised ones.</param>
    /// <param name="metadata">Texts by name, kept in the header; none by default.</param>
    /// <exception cref="ArgumentException">A dtype that the format does not know, a name twice, or the reserved name "__metadata__".</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(tensors);
        // The widest elements first keep every tensor aligned to its own element.
        var ordered = tensors.OrderByDescending(pair => pair.Value.element_size()).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        var header = Header(ordered.Select(pair => (pair.Key, pair.Value.dtype, pair.Value.shape)), metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in ordered)
                TensorWriter.Write(stream, tensor);
        });
    }

    /// <summary>Reads a file of tensors.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors, on the CPU and without gradients, and the texts; to be disposed of by the caller.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is cut off, or is something else; the message says what is wrong with it.</exception>
    public static SafeTensorsContent Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        // Callers keep texts of any length here.
        using var file = CheckpointFile.Open(path, new() { MaxExtraBytes = 4 * LongestHeader });
        var tensors = file.ReadAll();
        foreach (var tensor in tensors.Values)
            tensor.DetachFromDisposeScope();
        return new(tensors, file.Metadata);
    }

    /// <summary>The header of tensors that follow each other in this order, without its length.</summary>
    internal static byte[] Header(IEnumerable<(string Name, ScalarType Type, long[] Shape)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafeTensorsHeader.MetadataName);
                foreach (var (name, text) in metadata)
                    json.WriteString(name, text);
                json.WriteEndObject();
            }
            var names = new HashSet<string> { SafeTensorsHeader.MetadataName };
            var offset = 0L;
            foreach (var (name, type, shape) in tensors)
            {
                if (!names.Add(name))
                    throw new ArgumentException($"The name \"{name}\" is taken already.", nameof(tensors));
                json.WriteStartObject(name);
                json.WriteString("dtype", ElementTypes.SafeName(type)
                    ?? throw new ArgumentException($"\"{name}\" is of dtype {type}, which safetensors does not know.", nameof(tensors)));
                json.WriteStartArray("shape");
                foreach (var size in shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += shape.Aggregate((long)ElementTypes.Bytes(type), (bytes, size) => bytes * size));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % LengthBytes != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }
}
