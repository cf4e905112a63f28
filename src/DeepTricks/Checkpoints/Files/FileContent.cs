namespace DeepTricks.Checkpoints;

/// <summary>What the reader of a format found in a file.</summary>
/// <param name="Tensors">The tensors by name, in the file's order.</param>
/// <param name="Root">The path of the part that they come from.</param>
/// <param name="UnknownGlobals">The names of code in the file that were not called.</param>
/// <param name="Value">Finds numbers and texts; null where there is none.</param>
internal sealed record FileContent(IReadOnlyDictionary<string, StoredTensor> Tensors, string Root, IReadOnlyCollection<string> UnknownGlobals, Func<string, object?> Value)
{
    internal static FileContent OfPickle(object? top, PickleBuilders builders, ReadBudget budget, string? root, Func<PickleStorage, StoredBytes> storage)
    {
        var tree = new PickleTree(top, budget);
        var (path, start) = tree.Root(root);
        var storages = new Dictionary<string, StoredBytes>();
        var tensors = new Dictionary<string, StoredTensor>();
        foreach (var (name, tensor) in tree.Tensors(start))
        {
            if (!storages.TryGetValue(tensor.Storage.Key, out var bytes))
                storages.Add(tensor.Storage.Key, bytes = storage(tensor.Storage));
            try
            {
                tensors.Add(name, Stored(tensor, bytes, budget));
            }
            catch (InvalidDataException error)
            {
                throw new InvalidDataException($"\"{name}\": {error.Message}", error);
            }
        }
        return new(tensors, path, [.. builders.Unknown], place => tree.TryFind(place, out var value) ? value : null);
    }

    private static StoredTensor Stored(PickleTensor tensor, StoredBytes bytes, ReadBudget budget)
    {
        // A view of a storage starts within it, and the offset counts from there.
        var (start, element) = (tensor.Storage.Start, ElementTypes.Bytes(tensor.Storage.Type));
        var end = ((Int128)start + tensor.Storage.Count) * element;
        if (end > bytes.Length)
            throw new InvalidDataException($"its storage \"{tensor.Storage.Key}\" ends at {end}, and only {bytes.Length} bytes of it are there: the file is cut off, or damaged.");
        var part = bytes with { Length = (long)end };
        if (tensor.Offset < 0 || tensor.Offset > part.Length)
            throw new InvalidDataException($"it starts at {tensor.Offset}, outside of its storage of {part.Length} bytes.");
        return StoredTensor.Checked(tensor.Type, tensor.Shape, tensor.Strides, tensor.Offset + start * element / ElementTypes.Bytes(tensor.Type), part, budget.MaxExtraBytes);
    }
}
