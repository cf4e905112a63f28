using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>Writes the pickle of a state dictionary, protocol 2, as <c>torch.save</c> does: storages are named by their position.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream _bytes = new();

    internal static byte[] StateDictionary(IReadOnlyList<KeyValuePair<string, Tensor>> tensors)
    {
        var writer = new PickleWriter();
        writer.Op(PickleOpcode.Protocol, 2);
        writer.OrderedDictionary(() =>
        {
            for (var i = 0; i < tensors.Count; i++)
            {
                writer.Text(tensors[i].Key);
                writer.Tensor(tensors[i].Value, i);
            }
        });
        writer.Op(PickleOpcode.Stop);
        return writer._bytes.ToArray();
    }

    private void OrderedDictionary(Action? items)
    {
        Global("collections", "OrderedDict");
        Op(PickleOpcode.EmptyTuple);
        Op(PickleOpcode.Reduce);
        if (items is null)
            return;
        Op(PickleOpcode.Mark);
        items();
        Op(PickleOpcode.SetItems);
    }

    private void Tensor(Tensor tensor, int storage)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Op(PickleOpcode.Mark);
        Op(PickleOpcode.Mark);
        Text("storage");
        Global("torch", ElementTypes.StorageName(tensor.dtype)!);
        Text(storage.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Text("cpu");
        Integer(tensor.numel());
        Op(PickleOpcode.Tuple);
        Op(PickleOpcode.PersistentId);
        Integer(0);
        Integers(tensor.shape);
        Integers(StoredTensor.ContiguousStrides(tensor.shape));
        Op(PickleOpcode.False); // the entries of a state dictionary need no gradient
        OrderedDictionary(null);
        Op(PickleOpcode.Tuple);
        Op(PickleOpcode.Reduce);
    }

    private void Integers(long[] values)
    {
        Op(PickleOpcode.Mark);
        foreach (var value in values)
            Integer(value);
        Op(PickleOpcode.Tuple);
    }

    private void Integer(long value)
    {
        Op(PickleOpcode.Long1, sizeof(long));
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        _bytes.Write(number);
    }

    private void Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Op(PickleOpcode.Unicode);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        _bytes.Write(length);
        _bytes.Write(utf8);
    }

    private void Global(string module, string name)
    {
        Op(PickleOpcode.Global);
        _bytes.Write(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));
    }

    private void Op(PickleOpcode opcode, byte? argument = null)
    {
        _bytes.WriteByte((byte)opcode);
        if (argument is { } value)
            _bytes.WriteByte(value);
    }
}
