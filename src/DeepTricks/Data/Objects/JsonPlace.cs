using System.Text.Json;

namespace DeepTricks.Data;

/// <summary>A value in a file of JSON that knows where it stands, so that whatever is wrong with it can be found.</summary>
internal sealed class JsonPlace(string file, string path, JsonElement element)
{
    internal JsonPlace this[string key] => Find(key) ?? throw Wrong($"expected an object with '{key}'");

    internal bool IsText => element.ValueKind == JsonValueKind.String;

    /// <summary>The value of a key, or null where this is no object, or has no such key, or null for it.</summary>
    internal JsonPlace? Find(string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null
            ? new(file, path.Length == 0 ? key : $"{path}.{key}", value)
            : null;

    internal IEnumerable<JsonPlace> Items() => element.ValueKind == JsonValueKind.Array
        ? element.EnumerateArray().Select((value, i) => new JsonPlace(file, $"{path}[{i}]", value))
        : throw Wrong("expected a list");

    internal string Text() => IsText ? element.GetString()! : throw Wrong("expected a text");

    internal double Number() => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetDouble(out var value) && double.IsFinite(value) => value,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => throw Wrong("expected a number"),
    };

    internal long Integer() => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) ? value : throw Wrong("expected a whole number");

    internal int Size() => Integer() is > 0 and <= int.MaxValue and var value ? (int)value : throw Wrong("expected a number of pixels");

    internal double[] Numbers() => [.. Items().Select(item => item.Number())];

    /// <summary>A box in COCO's order.</summary>
    internal ObjectBox Box() => Numbers() is [var x, var y, var width, var height]
        ? new(x, y, width, height)
        : throw Wrong("expected 4 numbers (x, y, width, height)");

    /// <summary>A mask as COCO writes run lengths: "size" and "counts", the counts as a list or as text.</summary>
    internal RunLengthMask RunLengths()
    {
        if (this["size"].Items().Select(one => one.Size()).ToArray() is not [var height, var width])
            throw this["size"].Wrong("expected 2 numbers (height, width)");
        var counts = this["counts"];
        try
        {
            return counts.IsText
                ? RunLengthMask.Parse(counts.Text(), height, width)
                : RunLengthMask.FromRuns([.. counts.Numbers().Select(run => checked((int)run))], height, width);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw counts.Wrong(exception.Message);
        }
    }

    internal InvalidDataException Wrong(string problem) => new($"{file}: {(path.Length == 0 ? "the content" : path)}: {problem}; {Shown()} came.");

    private string Shown()
    {
        const int Most = 40;
        var text = element.GetRawText();
        return text.Length <= Most ? text : text[..Most] + "...";
    }
}
