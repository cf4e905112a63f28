using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.PyBridge;

/// <summary>A tensor in the header of a safetensors file; its bytes count from the end of the header.</summary>
internal sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End)
{
    public static SafetensorsEntry From(JsonProperty property, long most)
    {
        var type = StorageTypes.OfSafetensors(property.Value.GetProperty("dtype").GetString() ?? "");
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > most || shape.Any(size => size < 0))
            throw new InvalidDataException($"The tensor '{property.Name}' does not lie within the safetensors file.");
        // Before memory is asked for: no more elements than the file has bytes.
        if (shape.Aggregate((Int128)1, (product, size) => product > most ? product : product * size) > most)
            throw new InvalidDataException($"The tensor '{property.Name}' does not lie within the safetensors file.");
        return new(property.Name, type, shape, begin, end);
    }

    public static void Write(Utf8JsonWriter json, string name, Tensor tensor, ref long begin)
    {
        var end = begin + tensor.NumberOfElements * tensor.ElementSize;
        json.WriteStartObject(name);
        json.WriteString("dtype", StorageTypes.SafetensorsOf(tensor.dtype));
        json.WriteStartArray("shape");
        foreach (var size in tensor.shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        begin = end;
    }
}
