using System.Buffers.Binary;
using System.Collections;
using System.Numerics;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.PyBridge;

/// <summary>Writes numbers, text, containers and tensors as a pickle of protocol 2.</summary>
/// <param name="target">Where to.</param>
/// <param name="store">Keeps a tensor's elements, and returns the name under which it did.</param>
internal sealed class PickleWriter(Stream target, Func<Tensor, string> store)
{
    public void Write(object? value)
    {
        target.Write([0x80, 2]);
        Value(value);
        Code('.');
    }

    private void Code(char code) => target.WriteByte((byte)code);

    private void Value(object? value)
    {
        switch (value)
        {
            case null: Code('N'); break;
            case bool flag: target.WriteByte((byte)(flag ? 0x88 : 0x89)); break;
            case byte or sbyte or short or ushort or int or uint or long: Integer(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)); break;
            case float or double: Real(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)); break;
            case string text: Text(text); break;
            case Tensor tensor: Tensor(tensor); break;
            case IDictionary table: Table(table); break;
            // Before lists: an array is one, too.
            case object?[] tuple: Tuple(tuple); break;
            case IList list: List(list); break;
            default: throw new NotSupportedException($"A state dictionary of PyTorch holds no {value.GetType().FullName}.");
        }
    }

    private void Integer(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (value is >= 0 and < 256)
        {
            target.Write([(byte)'K', (byte)value]);
        }
        else if (value is >= int.MinValue and <= int.MaxValue)
        {
            Code('J');
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
            target.Write(bytes[..4]);
        }
        else
        {
            var digits = new BigInteger(value).ToByteArray();
            target.Write([0x8a, (byte)digits.Length]);
            target.Write(digits);
        }
    }

    private void Real(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        Code('G');
        target.Write(bytes);
    }

    private void Text(string text)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        Code('X');
        target.Write(length);
        target.Write(bytes);
    }

    private void Global(string module, string name) => target.Write(Encoding.UTF8.GetBytes($"c{module}\n{name}\n"));

    private void Tuple(object?[] values)
    {
        Code('(');
        foreach (var value in values) Value(value);
        Code('t');
    }

    private void List(IList values)
    {
        target.Write("]("u8);
        foreach (var value in values) Value(value);
        Code('e');
    }

    private void Table(IDictionary table)
    {
        target.Write("}("u8);
        foreach (DictionaryEntry entry in table)
        {
            Value(entry.Key);
            Value(entry.Value);
        }
        Code('u');
    }

    // A call of torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks).
    private void Tensor(Tensor tensor)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Code('(');
        Code('(');
        Text("storage");
        Global("torch", StorageTypes.StorageOf(tensor.dtype));
        Text(store(tensor));
        Text("cpu");
        Integer(tensor.numel());
        Code('t');
        Code('Q');
        Integer(0);
        var shape = tensor.shape;
        Tuple([.. shape.Cast<object>()]);
        Tuple([.. Strides(shape).Cast<object>()]);
        Value(tensor.requires_grad);
        Global("collections", "OrderedDict");
        target.Write(")R"u8);
        target.Write("tR"u8);
    }

    // The elements are stored one after the other, however they lie in memory.
    private static long[] Strides(long[] shape)
    {
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }
        return strides;
    }
}
