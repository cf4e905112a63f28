using System.IO.Compression;
using static TorchSharp.torch;

namespace TorchSharp.PyBridge;

/// <summary>The archive that <c>torch.save</c> writes since PyTorch 1.6: a pickle, and a file for each storage.</summary>
internal sealed class StateArchive : IDisposable
{
    private const int MostPickleBytes = 1 << 30;
    private readonly ZipArchive _zip;
    private readonly string _root;
    private readonly byte[] _pickle;
    private readonly Dictionary<string, Tensor> _storages = [];

    public StateArchive(Stream stream, bool leaveOpen)
    {
        var seekable = stream;
        if (!stream.CanSeek)
        {
            seekable = new MemoryStream();
            stream.CopyTo(seekable);
            if (!leaveOpen) stream.Dispose();
            leaveOpen = false;
        }
        RequireZip(seekable);
        _zip = new(seekable, ZipArchiveMode.Read, leaveOpen);
        var pickle = _zip.Entries.FirstOrDefault(entry => entry.FullName is "data.pkl" || entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw new InvalidDataException("The archive holds no data.pkl: PyTorch did not write it.");
        _root = pickle.FullName[..^"data.pkl".Length];
        if (pickle.Length > MostPickleBytes) throw new InvalidDataException($"The archive's data.pkl has {pickle.Length} bytes; {MostPickleBytes} are the most.");
        if (_zip.GetEntry(_root + "byteorder") is { } order && new StreamReader(order.Open()).ReadToEnd().Trim() is var written && written != "little")
            throw new NotSupportedException($"The archive was written with {written}-endian numbers.");
        _pickle = new byte[pickle.Length];
        using var content = pickle.Open();
        content.ReadExactly(_pickle);
    }

    private static void RequireZip(Stream stream)
    {
        stream.Position = 0;
        Span<byte> signature = stackalloc byte[4];
        var read = stream.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (read < signature.Length || !signature.SequenceEqual("PK\x03\x04"u8))
            throw new NotImplementedException("This is not the archive that torch.save() writes since PyTorch 1.6; save it anew in that format.");
    }

    /// <summary>What was saved: dictionaries as hash tables, lists as array lists, tuples as arrays, tensors as <see cref="PendingTensor"/>.</summary>
    public object? Unpickle() => new PickleReader(_pickle, Describe).Read();

    // A tensor's storage: ("storage", its class, the file's name, the device, the number of elements).
    private object Describe(object? id) => id is object?[] { Length: >= 5 } parts && parts[0] is "storage" && parts[1] is StorageType type && parts[2] is string name
        ? new Storage(this, name, type.Type, Convert.ToInt64(parts[4], System.Globalization.CultureInfo.InvariantCulture))
        : throw new InvalidDataException("The archive refers to something that is no tensor's storage.");

    public Tensor ReadStorage(string name, ScalarType type, long length)
    {
        if (_storages.TryGetValue(name, out var known)) return known;
        var entry = _zip.GetEntry($"{_root}data/{name}") ?? throw new InvalidDataException($"The archive lacks the storage '{name}'.");
        using var scope = NewDisposeScope();
        var storage = empty(length, dtype: type, device: CPU);
        if (entry.Length != length * storage.ElementSize) throw new InvalidDataException($"The storage '{name}' has {entry.Length} bytes, not {length * storage.ElementSize}.");
        using var content = entry.Open();
        storage.ReadBytesFromStream(content, 1 << 16);
        return _storages[name] = storage.DetachFromDisposeScope();
    }

    /// <summary>Closes the archive; tensors that were read stay.</summary>
    public void Dispose()
    {
        foreach (var storage in _storages.Values) storage.Dispose();
        _zip.Dispose();
    }

    /// <summary>A class of storages, as the pickle names it.</summary>
    internal sealed record StorageType(ScalarType Type);

    /// <summary>The elements of one or more tensors.</summary>
    internal sealed record Storage(StateArchive Archive, string Name, ScalarType Type, long Length)
    {
        public PendingTensor Tensor(long offset, long[] shape, long[] strides)
        {
            if (shape.Length != strides.Length || offset < 0 || shape.Any(size => size < 0) || strides.Any(stride => stride < 0))
                throw new InvalidDataException("The archive describes a tensor of impossible sizes.");
            var last = shape.Contains(0) ? -1 : shape.Zip(strides).Aggregate((Int128)offset, (sum, axis) => sum + (Int128)(axis.First - 1) * axis.Second);
            if (last >= Length) throw new InvalidDataException($"The archive describes a tensor beyond the end of its storage '{Name}'.");
            return new(Archive, Name, Type, Length, offset, shape, strides);
        }
    }
}
