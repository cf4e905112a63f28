using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace DeepTricks.Checkpoints;

/// <summary>
/// A file whose bytes are copied out of memory mappings. A piece is mapped for as long as it is copied: mapped pages count as memory
/// of the process, and a model shall not be there twice.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    // Below this the mapping costs more than the copy.
    private const int WorthMapping = 64 << 10;

    // What one thread maps and copies at once.
    private const int PieceBytes = 4 << 20;

    private readonly SafeFileHandle _handle;
    private readonly MemoryMappedFile _mapping;

    internal MappedFile(string path)
    {
        Path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            Length = RandomAccess.GetLength(_handle);
            if (Length == 0)
                throw new InvalidDataException("the file is empty.");
            _mapping = MemoryMappedFile.CreateFromFile(_handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    internal string Path { get; }

    internal long Length { get; }

    /// <summary>Copies the bytes at a place.</summary>
    /// <exception cref="InvalidDataException">They go beyond the end.</exception>
    internal void CopyTo(long offset, Span<byte> target)
    {
        Check(offset, target.Length);
        if (target.Length < WorthMapping)
        {
            ReadSmall(offset, target);
            return;
        }
        var pieces = (target.Length + PieceBytes - 1) / PieceBytes;
        fixed (byte* start = target)
        {
            var (to, length) = ((nint)start, target.Length);
            void Copy(int piece)
            {
                var begin = piece * (long)PieceBytes;
                CopyPiece(offset + begin, (byte*)to + begin, Math.Min(PieceBytes, length - begin));
            }
            if (pieces == 1)
                Copy(0);
            else
                Parallel.For(0, pieces, new() { MaxDegreeOfParallelism = Math.Max(1, TorchSharp.torch.get_num_threads()) }, Copy);
        }
    }

    /// <summary>The bytes of a part as a stream.</summary>
    /// <exception cref="InvalidDataException">They go beyond the end.</exception>
    internal Stream Open(long offset, long length)
    {
        Check(offset, length);
        return length == 0 ? Stream.Null : _mapping.CreateViewStream(offset, length, MemoryMappedFileAccess.Read);
    }

    public void Dispose()
    {
        _mapping.Dispose();
        _handle.Dispose();
    }

    private void Check(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new InvalidDataException($"{length} bytes at {offset} go beyond the end at {Length}: the file is cut off, or damaged.");
    }

    private void ReadSmall(long offset, Span<byte> target)
    {
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(_handle, target, offset);
            if (read == 0)
                throw new InvalidDataException($"the file ends at {offset} now, where it had {Length} bytes.");
            offset += read;
            target = target[read..];
        }
    }

    private void CopyPiece(long offset, byte* target, long length)
    {
        using var view = _mapping.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        byte* page = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref page);
        try
        {
            Buffer.MemoryCopy(page + view.PointerOffset, target, length, length);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
