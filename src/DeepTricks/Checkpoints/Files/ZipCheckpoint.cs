namespace DeepTricks.Checkpoints;

/// <summary>What <c>torch.save</c> writes since PyTorch 1.6: a zip archive with a pickle, and a record for each storage.</summary>
internal static class ZipCheckpoint
{
    private const string Pickle = "data.pkl";

    internal static FileContent Read(StoredFile file, CheckpointReadOptions options)
    {
        var budget = new ReadBudget(options);
        var records = ZipDirectory.Read(file, budget);
        // The folder is named after the file that was saved, whatever it is called by now.
        var pickles = records.Keys.Where(name => name == Pickle || name.EndsWith($"/{Pickle}", StringComparison.Ordinal) && name.IndexOf('/') == name.Length - Pickle.Length - 1).ToArray();
        if (pickles is not [var pickle])
            throw new InvalidDataException($"a zip archive with {pickles.Length} records of the name {Pickle}, where a checkpoint has one.");
        var folder = pickle[..^Pickle.Length];
        if (records.ContainsKey($"{folder}constants.pkl"))
            throw new InvalidDataException("a program of TorchScript (torch.jit.save), no checkpoint; load it with torch.jit.load.");
        ExpectLittleEndian(records.GetValueOrDefault($"{folder}byteorder"));

        var builders = new PickleBuilders();
        using var stream = records[pickle].Open();
        var top = new PickleReader(stream, records[pickle].Length, builders, budget).Read();
        return FileContent.OfPickle(top, builders, budget, options.Root, storage => records.TryGetValue($"{folder}data/{storage.Key}", out var bytes)
            ? bytes
            : throw new InvalidDataException($"the record \"{folder}data/{storage.Key}\" of a tensor is missing."));
    }

    private static void ExpectLittleEndian(StoredBytes? record)
    {
        if (record is null)
            return;
        using var reader = new StreamReader(record.Open());
        var order = new char[16];
        var text = new string(order, 0, reader.ReadBlock(order)).Trim();
        if (text != "little")
            throw new InvalidDataException($"the byte order is \"{text}\"; expected \"little\".");
    }
}
