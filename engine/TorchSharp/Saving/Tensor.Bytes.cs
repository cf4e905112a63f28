namespace TorchSharp;

public static unsafe partial class torch
{
    public partial class Tensor
    {
        /// <summary>Writes the bytes of a contiguous tensor of the CPU.</summary>
        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var start = Bytes(out var count);
            for (long at = 0, size; at < count; at += size) stream.Write(new ReadOnlySpan<byte>(start + at, (int)(size = Math.Min(count - at, MostInSpan))));
        }

        /// <summary>Fills a contiguous tensor of the CPU from a stream.</summary>
        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            var start = Bytes(out var count);
            for (long at = 0, size; at < count; at += size) stream.ReadExactly(new Span<byte>(start + at, (int)(size = Math.Min(count - at, MostInSpan))));
        }

        // A tensor may have more bytes than a span.
        private const long MostInSpan = 1 << 30;

        private byte* Bytes(out long count)
        {
            if (!is_cpu()) throw new InvalidOperationException($"The bytes of a tensor on {device} cannot be reached from here; copy it to the CPU first.");
            if (!is_contiguous()) throw new InvalidOperationException("The bytes of a tensor that is not contiguous have no order; call contiguous() first.");
            count = numel() * element_size();
            return (byte*)DataPointer;
        }
    }
}
