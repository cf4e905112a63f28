using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.PyBridge;

/// <summary>Reads and writes safetensors files: a header of JSON that names tensors, then their elements.</summary>
public static class Safetensors
{
    // The limit of the reference implementation.
    private const ulong MostHeaderBytes = 100_000_000;

    public static Dictionary<string, Tensor> LoadStateDict(string path, List<string>? keysToKeep = null) => LoadStateDict(File.OpenRead(path), keysToKeep: keysToKeep);

    /// <param name="stream">A file from the stream's position on.</param>
    /// <param name="leaveOpen">Whether the stream stays open.</param>
    /// <param name="keysToKeep">The tensors to read; all where null.</param>
    public static Dictionary<string, Tensor> LoadStateDict(Stream stream, bool leaveOpen = false, List<string>? keysToKeep = null)
    {
        try
        {
            var start = ReadHeader(stream, out var entries);
            var tensors = new Dictionary<string, Tensor>();
            foreach (var entry in entries.OrderBy(entry => entry.Begin))
                if (keysToKeep is null || keysToKeep.Contains(entry.Name)) tensors.Add(entry.Name, Read(stream, start, entry));
            return tensors;
        }
        finally
        {
            if (!leaveOpen) stream.Dispose();
        }
    }

    private static Tensor Read(Stream stream, long start, SafetensorsEntry entry)
    {
        var tensor = empty(entry.Shape, dtype: entry.Type, device: CPU);
        try
        {
            if (entry.End - entry.Begin != tensor.NumberOfElements * tensor.ElementSize)
                throw new InvalidDataException($"The tensor '{entry.Name}' has {entry.End - entry.Begin} bytes, not {tensor.NumberOfElements * tensor.ElementSize}.");
            stream.Position = start + entry.Begin;
            tensor.ReadBytesFromStream(stream, 1 << 16);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Reads what the file holds, and returns where in the stream the elements begin.</summary>
    internal static long ReadHeader(Stream stream, out List<SafetensorsEntry> entries)
    {
        Span<byte> size = stackalloc byte[8];
        stream.ReadExactly(size);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(size);
        if (length > MostHeaderBytes || (long)length > stream.Length - stream.Position)
            throw new InvalidDataException($"This is no safetensors file: its header would have {length} bytes.");
        var header = new byte[length];
        stream.ReadExactly(header);
        var most = stream.Length - stream.Position;
        try
        {
            using var json = JsonDocument.Parse(header);
            entries = [.. json.RootElement.EnumerateObject().Where(property => property.Name != "__metadata__").Select(property => SafetensorsEntry.From(property, most))];
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException("The header of the safetensors file is damaged.", broken);
        }
        return stream.Position;
    }

    public static void SaveStateDict(string path, Dictionary<string, Tensor> stateDict) => SaveStateDict(File.Create(path), stateDict);

    public static void SaveStateDict(Stream stream, Dictionary<string, Tensor> stateDict, bool leaveOpen = false)
    {
        try
        {
            WriteHeader(stream, stateDict);
            foreach (var tensor in stateDict.Values)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                tensor.cpu().contiguous().WriteBytesToStream(stream, 1 << 16);
            }
        }
        finally
        {
            if (!leaveOpen) stream.Dispose();
        }
    }

    private static void WriteHeader(Stream stream, Dictionary<string, Tensor> tensors)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            var begin = 0L;
            json.WriteStartObject();
            foreach (var (name, tensor) in tensors) SafetensorsEntry.Write(json, name, tensor, ref begin);
            json.WriteEndObject();
        }
        // The elements begin at a multiple of eight, so that they can be used where they lie.
        while (header.Length % 8 != 0) header.WriteByte((byte)' ');
        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, header.Length);
        stream.Write(size);
        header.WriteTo(stream);
    }
}
