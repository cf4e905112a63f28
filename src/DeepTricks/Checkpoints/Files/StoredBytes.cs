using System.IO.Compression;

namespace DeepTricks.Checkpoints;

/// <summary>A run of bytes in a file, as they are or deflated.</summary>
/// <param name="File">The file.</param>
/// <param name="Start">Where they start.</param>
/// <param name="Length">How many there are, inflated.</param>
/// <param name="Deflated">How many there are in the file, or null where they stand as they are.</param>
internal sealed record StoredBytes(StoredFile File, long Start, long Length, long? Deflated = null)
{
    /// <summary>All of them as a stream.</summary>
    internal Stream Open() => Deflated is { } bytes
        ? new BufferedStream(new DeflateStream(File.Open(Start, bytes), CompressionMode.Decompress), 1 << 16)
        : File.Open(Start, Length);

    /// <summary>Starts to copy at a place.</summary>
    internal Cursor At(long offset) => new(this, offset);

    /// <summary>Inflates without keeping anything, for damage shows only then.</summary>
    internal void Verify()
    {
        if (Deflated is not null)
            At(Length).Dispose();
    }

    /// <summary>Copies one piece after the other.</summary>
    internal sealed class Cursor : IDisposable
    {
        private readonly StoredBytes _bytes;
        private readonly Stream? _inflated;
        private long _offset;

        internal Cursor(StoredBytes bytes, long offset)
        {
            (_bytes, _offset) = (bytes, offset);
            if (bytes.Deflated is null)
                return;
            _inflated = bytes.Open();
            var skipped = new byte[Math.Min(offset, 1 << 16)];
            for (var left = offset; left > 0; left -= Math.Min(left, skipped.Length))
                _inflated.ReadExactly(skipped.AsSpan(0, (int)Math.Min(left, skipped.Length)));
        }

        internal void Fill(Span<byte> target)
        {
            if (_inflated is null)
                _bytes.File.CopyTo(_bytes.Start + _offset, target);
            else
                _inflated.ReadExactly(target);
            _offset += target.Length;
        }

        public void Dispose() => _inflated?.Dispose();
    }
}
