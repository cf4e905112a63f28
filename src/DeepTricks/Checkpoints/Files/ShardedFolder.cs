using System.Text.Json;

namespace DeepTricks.Checkpoints;

/// <summary>A folder as Hugging Face lays it out: one file, or several with an index that says which tensor is where.</summary>
internal static class ShardedFolder
{
    // About what the parser and the names take for a byte of the index.
    private const long ExtraBytesPerByte = 3;

    private static readonly string[] Names = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];

    /// <summary>The file to open in a folder.</summary>
    /// <exception cref="FileNotFoundException">It has none.</exception>
    internal static string FileIn(string folder) => Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"{folder}: no checkpoint in this folder; it has none of {string.Join(", ", Names)}.");

    internal static bool IsIndex(string path) => path.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Which tensors each shard has; the shards are files of the index's own folder.</summary>
    internal static IReadOnlyDictionary<string, List<string>> Shards(string index, CheckpointReadOptions options)
    {
        using var stream = File.OpenRead(index);
        new ReadBudget(options).Charge(ExtraBytesPerByte * stream.Length);
        var shards = new Dictionary<string, List<string>>();
        try
        {
            using var json = JsonDocument.Parse(stream);
            foreach (var entry in json.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                var shard = entry.Value.GetString() ?? throw new InvalidDataException($"the tensor \"{entry.Name}\" has no file.");
                if (!shards.TryGetValue(shard, out var names))
                    shards.Add(CheckedName(index, shard), names = []);
                names.Add(entry.Name);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"not the index of a checkpoint: {error.Message}", error);
        }
        return shards;
    }

    // A name and nothing else: "../x", "/x" and "a/b" could read any file of the machine.
    private static string CheckedName(string index, string shard)
    {
        if (shard.Length == 0 || shard is "." or ".." || shard.AsSpan().IndexOfAny("/\\:\0") >= 0)
            throw new InvalidDataException($"the shard \"{shard}\" is not the name of a file in the folder.");
        return File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(index))!, shard))
            ? shard
            : throw new InvalidDataException($"the shard \"{shard}\" is missing in the folder.");
    }
}
