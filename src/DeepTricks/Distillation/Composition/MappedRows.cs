using System.IO.MemoryMappedFiles;
using DeepTricks.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Tensors of a file whose rows are read by their numbers, through a mapping of the file into memory.</summary>
internal sealed unsafe class MappedRows : IDisposable
{
    private readonly IReadOnlyDictionary<string, StoredTensor> _tensors;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    private MappedRows(string path, SafeTensorsHeader header)
    {
        (_tensors, Texts) = (header.Tensors, header.Metadata);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    internal IReadOnlyDictionary<string, string> Texts { get; }

    internal IEnumerable<string> Names => _tensors.Keys;

    /// <exception cref="InvalidDataException">The file is cut off or something else.</exception>
    internal static MappedRows Open(string path)
    {
        using var file = new StoredFile(path);
        try
        {
            return new(path, SafeTensorsHeader.Read(file, new()));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    internal long Count(string name) => _tensors[name].Shape[0];

    internal Tensor Read(string name, ReadOnlySpan<long> rows)
    {
        var stored = _tensors[name];
        var result = empty([rows.Length, .. stored.Shape[1..]], stored.Type);
        if (result.numel() == 0) return result;
        var bytes = result.bytes;
        var length = bytes.Length / rows.Length;
        for (var i = 0; i < rows.Length; i++)
            new ReadOnlySpan<byte>(_start + stored.Bytes.Start + rows[i] * length, length).CopyTo(bytes[(i * length)..]);
        return result;
    }

    public void Dispose()
    {
        if (!_view.SafeMemoryMappedViewHandle.IsClosed) _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
