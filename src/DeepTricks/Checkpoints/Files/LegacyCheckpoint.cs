using System.Buffers.Binary;

namespace DeepTricks.Checkpoints;

/// <summary>What <c>torch.save</c> wrote before PyTorch 1.6: four pickles, the keys of the storages, and the storages one after the other.</summary>
internal static class LegacyCheckpoint
{
    private const long ProtocolVersion = 1001;

    // A pickle of the magic number.
    private static readonly byte[] Start = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    internal static bool Is(ReadOnlySpan<byte> start) => start.StartsWith(Start);

    internal static FileContent Read(StoredFile file, CheckpointReadOptions options)
    {
        var budget = new ReadBudget(options);
        var builders = new PickleBuilders();
        using var stream = file.Open(0, file.Length);
        object? Next() => new PickleReader(stream, file.Length - stream.Position, builders, budget).Read();

        stream.Position = Start.Length;
        if (Next() is not ProtocolVersion)
            throw new InvalidDataException($"the format before PyTorch 1.6 in another version than {ProtocolVersion}.");
        if (Next() is not PickleDictionary system || system.TryFind("little_endian", out var little) && little is not true)
            throw new InvalidDataException("the byte order is not that of little-endian machines.");
        var top = Next();
        if (Next() is not List<object?> keys)
            throw new InvalidDataException("the list of the storages is missing.");
        var sizes = builders.Storages;
        var storages = new Dictionary<string, StoredBytes>();
        var place = stream.Position;
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var item in keys)
        {
            if (item is not string key || !sizes.TryGetValue(key, out var type))
                throw new InvalidDataException($"the list of the storages has \"{item}\", which no tensor has.");
            file.CopyTo(place, number);
            place += number.Length;
            var bytes = (Int128)BinaryPrimitives.ReadInt64LittleEndian(number) * ElementTypes.Bytes(type);
            if (bytes < 0 || bytes > file.Length - place)
                throw new InvalidDataException($"the storage \"{key}\" would have {bytes} bytes at {place}, and the file ends at {file.Length}: it is cut off, or damaged.");
            if (!storages.TryAdd(key, new(file, place, (long)bytes)))
                throw new InvalidDataException($"the storage \"{key}\" is there twice.");
            place += (long)bytes;
        }
        return FileContent.OfPickle(top, builders, budget, options.Root, storage => storages.TryGetValue(storage.Key, out var bytes)
            ? bytes
            : throw new InvalidDataException($"the storage \"{storage.Key}\" of a tensor is missing."));
    }
}
