using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp;

/// <remarks>A saved tensor is its element type, the number of its dimensions, its sizes, each as a count, and its bytes.</remarks>
public static partial class TensorExtensionMethods
{
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.WriteCount((int)tensor.dtype);
        var shape = tensor.shape;
        writer.WriteCount(shape.Length);
        foreach (var size in shape) writer.WriteCount(size);
        using var _ = NewDisposeScope();
        var host = tensor.is_cpu() ? tensor : tensor.cpu();
        if (!host.is_contiguous()) host = Operators.aten("contiguous", host);
        host.WriteBytesToStream(writer.BaseStream);
    }

    /// <summary>Saves the tensor, and closes the stream.</summary>
    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location) => tensor.Save(File.Create(location));

    /// <summary>Reads values into the tensor; type and shape must be those that were saved.</summary>
    /// <param name="tensor">The target, on any device.</param>
    /// <param name="reader">Where the saved tensor begins; afterwards, where it ends.</param>
    /// <param name="skip">Whether to pass over the saved values and leave the tensor as it is.</param>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (dtype, shape) = ReadHeader(reader);
        if (dtype != tensor.dtype) throw new ArgumentException($"The saved tensor has elements of type {dtype}, the one to load into of type {tensor.dtype}.");
        ReadValues(tensor, reader, dtype, shape, skip);
    }

    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    /// <summary>Reads into the tensor, or into a new one where it is null.</summary>
    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var (dtype, shape) = ReadHeader(reader);
        tensor ??= Operators.aten(skip ? "zeros" : "empty.memory_format", shape, dtype);
        ReadValues(tensor, reader, dtype, shape, skip);
    }

    private static (ScalarType, long[]) ReadHeader(BinaryReader reader)
    {
        var dtype = (ScalarType)reader.ReadCount();
        if (!Enum.IsDefined(dtype)) throw new InvalidDataException($"The stream is damaged or holds something else: there is no element type {(int)dtype}.");
        var dimensions = reader.ReadCount();
        if (dimensions > 64) throw new InvalidDataException($"The stream is damaged or holds something else: a tensor of {dimensions} dimensions.");
        var shape = new long[dimensions];
        for (var i = 0; i < shape.Length; i++) shape[i] = reader.ReadCount();
        return (dtype, shape);
    }

    private static void ReadValues(Tensor tensor, BinaryReader reader, ScalarType dtype, long[] shape, bool skip)
    {
        if (skip)
        {
            Pass(reader.BaseStream, shape.Aggregate(1L, (product, size) => product * size) * Element(dtype));
            return;
        }
        if (!shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException($"The saved tensor has the shape [{string.Join(", ", shape)}], the one to load into [{string.Join(", ", tensor.shape)}].");
        if (dtype == tensor.dtype && tensor.is_cpu() && tensor.is_contiguous())
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        using var read = Operators.aten("empty.memory_format", shape, dtype);
        read.ReadBytesFromStream(reader.BaseStream);
        using var _ = no_grad();
        Operators.aten_("copy_", tensor, read);
    }

    private static long Element(ScalarType dtype)
    {
        using var one = Operators.aten("empty.memory_format", Array.Empty<long>(), dtype);
        return one.element_size();
    }

    private static void Pass(Stream stream, long bytes)
    {
        if (stream.CanSeek)
        {
            stream.Seek(bytes, SeekOrigin.Current);
            return;
        }
        var buffer = new byte[Math.Min(bytes, 1 << 16)];
        for (; bytes > 0; bytes -= buffer.Length) stream.ReadExactly(buffer, 0, (int)Math.Min(bytes, buffer.Length));
    }
}
