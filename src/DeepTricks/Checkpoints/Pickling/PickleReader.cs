using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace DeepTricks.Checkpoints;

/// <summary>
/// Reads pickles of protocol 2 to 5 into numbers, texts, containers and tensors. Names of code go to <see cref="PickleBuilders"/>, which knows a
/// few; for any other one a <see cref="PickleObject"/> stands in. No code of the file runs.
/// </summary>
internal sealed class PickleReader(Stream stream, long length, PickleBuilders builders, ReadBudget budget)
{
    private const int HighestProtocol = 5;
    private const int LongestName = 1024;

    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private long _left = length;

    /// <summary>Reads one pickle, and leaves the stream behind it.</summary>
    /// <exception cref="InvalidDataException">It is not one, or not one that PyTorch writes.</exception>
    internal object? Read()
    {
        while (true)
        {
            var opcode = (PickleOpcode)Byte();
            if (opcode == PickleOpcode.Stop)
                return _stack.Count == 1 && _marks.Count == 0 ? _stack[0] : throw Bad("a pickle ends before its objects do.");
            budget.Charge(16);
            Execute(opcode);
        }
    }

    private void Execute(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Protocol:
                var protocol = Byte();
                if (protocol is < 2 or > HighestProtocol)
                    throw Bad($"a pickle of protocol {protocol} is not supported.");
                break;
            case PickleOpcode.Frame: Skip8(); break;
            case PickleOpcode.Mark: _marks.Add(_stack.Count); break;
            case PickleOpcode.Pop: Pop(); break;
            case PickleOpcode.PopMark: Drop(Mark()); break;
            case PickleOpcode.Duplicate: Push(Top); break;

            case PickleOpcode.None: Push(null); break;
            case PickleOpcode.True: Push(true); break;
            case PickleOpcode.False: Push(false); break;
            case PickleOpcode.Int32: Push((long)(int)Unsigned(4)); break;
            case PickleOpcode.Byte: Push((long)Byte()); break;
            case PickleOpcode.UInt16: Push(Unsigned(2)); break;
            case PickleOpcode.Long1: Push(Integer(Byte())); break;
            case PickleOpcode.Long4: Push(Integer(Unsigned(4))); break;
            case PickleOpcode.Double: Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;

            case PickleOpcode.ShortUnicode: Push(Text(Byte())); break;
            case PickleOpcode.Unicode: Push(Text(Unsigned(4))); break;
            case PickleOpcode.Unicode8: Push(Text(Unsigned(8))); break;
            // Texts of Python 2, of which PyTorch's are in ASCII.
            case PickleOpcode.ShortString: Push(Encoding.Latin1.GetString(Take(Byte()))); break;
            case PickleOpcode.String: Push(Encoding.Latin1.GetString(Take(Unsigned(4)))); break;
            case PickleOpcode.ShortBytes: Push(Take(Byte())); break;
            case PickleOpcode.Bytes: Push(Take(Unsigned(4))); break;
            case PickleOpcode.Bytes8 or PickleOpcode.ByteArray8: Push(Take(Unsigned(8))); break;

            case PickleOpcode.EmptyList: PushContainer(new List<object?>()); break;
            case PickleOpcode.Append:
                var item = Pop();
                Extend(Top, [item]);
                break;
            case PickleOpcode.Appends:
                var items = PopMarked();
                Extend(Top, items);
                break;
            case PickleOpcode.EmptyTuple: Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple1: Push(PopMany(1)); break;
            case PickleOpcode.Tuple2: Push(PopMany(2)); break;
            case PickleOpcode.Tuple3: Push(PopMany(3)); break;
            case PickleOpcode.Tuple: Push(PopMarked()); break;
            case PickleOpcode.EmptyDictionary: PushContainer(new PickleDictionary()); break;
            case PickleOpcode.SetItem:
                var pair = PopMany(2);
                SetItems(Top, pair);
                break;
            case PickleOpcode.SetItems:
                var pairs = PopMarked();
                SetItems(Top, pairs);
                break;
            case PickleOpcode.EmptySet: PushContainer(new PickleSet()); break;
            case PickleOpcode.AddItems:
                var members = PopMarked();
                Extend(Top, members);
                break;
            case PickleOpcode.FrozenSet:
                var frozen = new PickleSet();
                frozen.Items.AddRange(PopMarked());
                PushContainer(frozen);
                break;

            case PickleOpcode.Global: Push(builders.Global($"{Line()}.{Line()}")); break;
            case PickleOpcode.StackGlobal:
                Push(PopMany(2) is [string module, string name] && module.Length + name.Length <= LongestName
                    ? builders.Global($"{module}.{name}")
                    : throw Bad("a name of code is no text."));
                break;
            case PickleOpcode.Reduce or PickleOpcode.NewObject: Call(PopMany(2)); break;
            case PickleOpcode.NewObjectWithNames: Call(PopMany(3)); break;
            case PickleOpcode.Build:
                var state = Pop();
                if (Top is PickleObject built)
                    built.State = state;
                break;
            case PickleOpcode.PersistentId: Push(builders.Persistent(Pop())); break;

            case PickleOpcode.Put: Remember(Byte()); break;
            case PickleOpcode.LongPut: Remember(Unsigned(4)); break;
            case PickleOpcode.Memoize: Remember(_memo.Count); break;
            case PickleOpcode.Get: Push(Recall(Byte())); break;
            case PickleOpcode.LongGet: Push(Recall(Unsigned(4))); break;
            default: throw Bad($"the opcode 0x{(byte)opcode:X2} is not one of a pickle of protocol 2 to {HighestProtocol} that PyTorch writes.");
        }
    }

    private void Call(object?[] parts)
    {
        if (parts is not [PickleGlobal function, object?[] arguments, ..])
            throw Bad("something is called that is no name of code, or without a tuple of arguments.");
        budget.Charge(160);
        Push(builders.Call(function.Name, arguments));
    }

    private static void Extend(object? container, object?[] items)
    {
        switch (container)
        {
            case List<object?> list: list.AddRange(items); break;
            case PickleSet set: set.Items.AddRange(items); break;
            case PickleObject: break; // a list of an unknown type
            default: throw Bad("something is appended to what is no list.");
        }
    }

    private static void SetItems(object? container, object?[] pairs)
    {
        var dictionary = container switch
        {
            PickleDictionary plain => plain,
            PickleObject some => some.Items,
            _ => throw Bad("a key is set in what is no dictionary."),
        };
        if (pairs.Length % 2 != 0)
            throw Bad("a key in a dictionary has no value.");
        for (var i = 0; i < pairs.Length; i += 2)
            dictionary.Add(pairs[i], pairs[i + 1]);
    }

    private void Push(object? value)
    {
        budget.Charge(24);
        _stack.Add(value);
    }

    private void PushContainer(object value)
    {
        budget.Charge(64);
        Push(value);
    }

    private object? Top => _stack.Count > Floor ? _stack[^1] : throw Bad("a pickle takes an object where there is none.");

    // Nothing below the last mark may be taken.
    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private object? Pop()
    {
        var value = Top;
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        if (_stack.Count - count < Floor)
            throw Bad("a pickle takes objects where there are none.");
        return Drop(_stack.Count - count);
    }

    private object?[] PopMarked() => Drop(Mark());

    private object?[] Drop(int start)
    {
        budget.Charge(32 + 24 * (_stack.Count - start));
        object?[] items = [.. _stack[start..]];
        _stack.RemoveRange(start, items.Length);
        return items;
    }

    private int Mark()
    {
        if (_marks.Count == 0)
            throw Bad("a pickle goes back to a mark that is not there.");
        var mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return mark;
    }

    private void Remember(long place)
    {
        budget.Charge(48);
        _memo[place] = Top;
    }

    private object? Recall(long place) => _memo.TryGetValue(place, out var value) ? value : throw Bad($"a pickle recalls the object {place}, which it has not stored.");

    private object Integer(long bytes)
    {
        if (bytes > 1024)
            throw Bad($"an integer of {bytes} bytes.");
        var value = new BigInteger(Take(bytes));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    private string Text(long bytes)
    {
        budget.Charge(2 * Math.Min(bytes, _left));
        return Encoding.UTF8.GetString(Take(bytes));
    }

    private string Line()
    {
        var line = new StringBuilder();
        for (byte letter; (letter = Byte()) != '\n'; line.Append((char)letter))
            if (line.Length == LongestName)
                throw Bad($"a name of code is longer than {LongestName}.");
        budget.Charge(2 * line.Length);
        return line.ToString();
    }

    private byte Byte()
    {
        var value = stream.ReadByte();
        if (value < 0)
            throw Bad("a pickle is cut off.");
        _left--;
        return (byte)value;
    }

    private long Unsigned(int bytes)
    {
        var value = 0UL;
        for (var i = 0; i < bytes; i++)
            value |= (ulong)Byte() << (8 * i);
        return value <= long.MaxValue ? (long)value : throw Bad($"a length of {value}.");
    }

    private void Skip8() => Unsigned(8);

    private byte[] Take(long bytes)
    {
        if (bytes > _left)
            throw Bad($"a pickle has an object of {bytes} bytes, {_left} bytes before its end.");
        budget.Charge(bytes + 32);
        var value = new byte[bytes];
        stream.ReadExactly(value);
        _left -= bytes;
        return value;
    }

    private static InvalidDataException Bad(string what) => new(what);
}
