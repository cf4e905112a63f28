using System.Buffers.Binary;
using DeepTricks.Checkpoints;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Writes tensors row by row, in any order, into a file of the layout of safetensors.</summary>
internal sealed class RowWriter
{
    private readonly Stream _stream;
    private readonly long[][] _shapes;
    private readonly long[] _starts;

    /// <param name="stream">The file, empty; it can seek.</param>
    /// <param name="names">The tensors' names.</param>
    /// <param name="examples">A batch of rows of each, for shape and dtype.</param>
    /// <param name="rows">How many rows there will be.</param>
    /// <param name="texts">The texts of the header.</param>
    internal RowWriter(Stream stream, string[] names, Tensor[] examples, long rows, IReadOnlyDictionary<string, string> texts)
    {
        _stream = stream;
        _shapes = [.. examples.Select(example => example.shape[1..])];
        var header = SafeTensors.Header(names.Zip(examples, (name, example) => (name, example.dtype, (long[])[rows, .. example.shape[1..]])), texts);
        Span<byte> length = stackalloc byte[SafeTensors.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        _starts = new long[examples.Length];
        var end = stream.Position;
        for (var i = 0; i < examples.Length; i++)
        {
            _starts[i] = end;
            end += rows * RowBytes(examples[i]);
        }
        stream.SetLength(end);
    }

    /// <summary>Writes row i of each tensor to the place first + places[i].</summary>
    internal void Write(Tensor[] tensors, ReadOnlySpan<long> places, long first)
    {
        for (var t = 0; t < tensors.Length; t++)
        {
            if (!tensors[t].shape.AsSpan(1).SequenceEqual(_shapes[t]) || tensors[t].shape[0] != places.Length)
                throw new InvalidOperationException($"The teacher gave {tensors[t].shape.ShapeText()} for {places.Length} samples; before, a sample had {_shapes[t].ShapeText()}.");
            var length = (int)RowBytes(tensors[t]);
            if (length == 0) continue;
            ReadOnlySpan<byte> bytes = tensors[t].bytes;
            for (var i = 0; i < places.Length; i++)
            {
                _stream.Position = _starts[t] + (first + places[i]) * length;
                _stream.Write(bytes.Slice(i * length, length));
            }
        }
    }

    private static long RowBytes(Tensor tensor) => tensor.shape.Skip(1).Aggregate(tensor.element_size(), (bytes, size) => bytes * size);
}
