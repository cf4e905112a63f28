using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace TorchSharp.PyBridge;

/// <summary>
/// Reads pickles of numbers, text, containers and tensors, of protocols 0 to 5. Nothing is looked up by the names in a pickle:
/// each that is not known here is refused, so no pickle can run anything.
/// </summary>
/// <param name="pickle">The bytes.</param>
/// <param name="load">Makes the object that a persistent id stands for.</param>
internal sealed class PickleReader(byte[] pickle, Func<object?, object> load)
{
    private static readonly object Mark = new();
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;

    private sealed record Global(string Module, string Name);

    public object? Read()
    {
        while (true)
        {
            var code = pickle.Length > _at ? pickle[_at++] : throw Damaged("ends without its end mark");
            if (code == '.') return Pop();
            Do(code);
        }
    }

    private void Do(byte code)
    {
        switch (code)
        {
            case 0x80: Take(1); break;
            case 0x95: Take(8); break;
            case (byte)'(': Push(Mark); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'2': Push(Peek()); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'I': PushLine(Line()); break;
            case (byte)'L': Push(Integer(BigInteger.Parse(Line().TrimEnd('L'), CultureInfo.InvariantCulture))); break;
            case (byte)'J': Push(BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case (byte)'K': Push((int)Take(1)[0]); break;
            case (byte)'M': Push((int)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 0x8a: Push(Integer(new BigInteger(Take(Take(1)[0])))); break;
            case 0x8b: Push(Integer(new BigInteger(Take(Length4())))); break;
            case (byte)'F': Push(double.Parse(Line(), CultureInfo.InvariantCulture)); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case (byte)'S': Push(Line().Trim('\'', '"')); break;
            case (byte)'V': Push(Line()); break;
            case (byte)'X': Push(Text(Length4())); break;
            case 0x8c: Push(Text(Take(1)[0])); break;
            case 0x8d: Push(Text(Length8())); break;
            case (byte)'T': Push(Latin(Length4())); break;
            case (byte)'U': Push(Latin(Take(1)[0])); break;
            case (byte)'B': Push(Take(Length4()).ToArray()); break;
            case (byte)'C': Push(Take(Take(1)[0]).ToArray()); break;
            case 0x8e or 0x96: Push(Take(Length8()).ToArray()); break;
            case (byte)']': Push(new ArrayList()); break;
            case (byte)'l': Push(new ArrayList(PopToMark())); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)')': Push(Array.Empty<object>()); break;
            case (byte)'t': Push(PopToMark()); break;
            case 0x85 or 0x86 or 0x87: Push(PopLast(code - 0x84)); break;
            case (byte)'}': Push(new Hashtable()); break;
            case (byte)'d': var entries = PopToMark(); Push(new Hashtable()); Set(entries); break;
            case (byte)'s': Set(PopLast(2)); break;
            case (byte)'u': Set(PopToMark()); break;
            case 0x8f: Push(new HashSet<object?>()); break;
            case 0x90: var members = PopToMark(); Top<HashSet<object?>>().UnionWith(members); break;
            case 0x91: Push(new HashSet<object?>(PopToMark())); break;
            case (byte)'c': Push(Resolve(Line(), Line())); break;
            case 0x93: var name = Pop<string>(); Push(Resolve(Pop<string>(), name)); break;
            case (byte)'R': var arguments = Pop<object?[]>(); Push(Call(Pop<Global>(), arguments)); break;
            // The state of an ordered dictionary holds what its class adds, such as the versions of modules: not needed here.
            case (byte)'b': Pop(); Top<Hashtable>(); break;
            case (byte)'Q': Push(load(Pop())); break;
            case (byte)'p': _memo[long.Parse(Line(), CultureInfo.InvariantCulture)] = Peek(); break;
            case (byte)'q': _memo[Take(1)[0]] = Peek(); break;
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); break;
            case 0x94: _memo[_memo.Count] = Peek(); break;
            case (byte)'g': Push(Memo(long.Parse(Line(), CultureInfo.InvariantCulture))); break;
            case (byte)'h': Push(Memo(Take(1)[0])); break;
            case (byte)'j': Push(Memo(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            default: throw Damaged($"holds the code 0x{code:x2}, which state dictionaries do not need");
        }
    }

    private static InvalidDataException Damaged(string what) => new($"The pickle {what}.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > pickle.Length - _at) throw Damaged("ends too early");
        _at += count;
        return pickle.AsSpan(_at - count, count);
    }

    private int Length4() => Length(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));

    private int Length8() => Length(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)));

    private int Length(ulong length) => length <= (ulong)(pickle.Length - _at) ? (int)length : throw Damaged("ends too early");

    private string Text(int length) => Encoding.UTF8.GetString(Take(length));

    private string Latin(int length) => Encoding.Latin1.GetString(Take(length));

    private string Line()
    {
        var end = pickle.AsSpan(_at).IndexOf((byte)'\n');
        if (end < 0) throw Damaged("ends too early");
        var line = Encoding.UTF8.GetString(Take(end));
        _at++;
        return line;
    }

    private void PushLine(string line) => Push(line switch
    {
        "01" => true,
        "00" => false,
        _ => Integer(BigInteger.Parse(line, CultureInfo.InvariantCulture)),
    });

    // As small as it goes, so that a number has one type however it was written.
    private static object Integer(BigInteger value)
    {
        if (value >= int.MinValue && value <= int.MaxValue) return (int)value;
        if (value >= long.MinValue && value <= long.MaxValue) return (long)value;
        return value;
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => _stack.Count > 0 ? _stack[^1] : throw Damaged("takes from an empty stack");

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private T Pop<T>() => Pop() is T value ? value : throw Damaged($"has something else where a {typeof(T).Name} belongs");

    private T Top<T>() => Peek() is T value ? value : throw Damaged($"has something else where a {typeof(T).Name} belongs");

    private object?[] PopLast(int count)
    {
        if (_stack.Count < count) throw Damaged("takes from an empty stack");
        object?[] values = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0) throw Damaged("lacks a mark");
        var values = PopLast(_stack.Count - mark - 1);
        Pop();
        return values;
    }

    private object? Memo(long place) => _memo.TryGetValue(place, out var value) ? value : throw Damaged($"refers to an object {place} that it does not hold");

    private void Append(object?[] values) => Top<ArrayList>().AddRange(values);

    private void Set(object?[] entries)
    {
        var table = Top<Hashtable>();
        if (entries.Length % 2 != 0) throw Damaged("has a key without a value");
        for (var i = 0; i < entries.Length; i += 2) table[entries[i] ?? throw Damaged("has None as a key")] = entries[i + 1];
    }

    private static object Resolve(string module, string name) => (module, name) switch
    {
        ("torch", _) when StorageTypes.OfStorage(name) is { } type => new StateArchive.StorageType(type),
        ("torch", _) when StorageTypes.OfName(name) is { } type => type,
        ("collections", "OrderedDict") or ("torch._utils", "_rebuild_tensor" or "_rebuild_tensor_v2" or "_rebuild_parameter") or ("torch", "Size")
            or ("_codecs", "encode") or ("builtins" or "__builtin__", "set" or "frozenset" or "complex" or "bytearray") => new Global(module, name),
        _ => throw new NotSupportedException($"The file needs {module}.{name}, which is neither data nor a tensor. Save a state_dict() of tensors, numbers, text and containers."),
    };

    private static object? Call(Global function, object?[] arguments) => (function.Name, arguments) switch
    {
        ("OrderedDict", []) => new Hashtable(),
        ("OrderedDict", [ArrayList pairs]) => FromPairs(pairs),
        ("Size", [object?[] sizes]) => sizes,
        ("_rebuild_tensor", [StateArchive.Storage storage, var offset, object?[] shape, object?[] strides, ..]) => storage.Tensor(Long(offset), Longs(shape), Longs(strides)),
        ("_rebuild_tensor_v2", [StateArchive.Storage storage, var offset, object?[] shape, object?[] strides, ..]) => storage.Tensor(Long(offset), Longs(shape), Longs(strides)),
        ("_rebuild_parameter", [PendingTensor tensor, ..]) => tensor,
        ("encode", [string text, ..]) => Encoding.Latin1.GetBytes(text),
        ("set" or "frozenset", [ArrayList members]) => new HashSet<object?>(members.Cast<object?>()),
        ("set" or "frozenset", []) => new HashSet<object?>(),
        ("complex", [double real, double imaginary]) => new Complex(real, imaginary),
        ("bytearray", [byte[] bytes]) => bytes,
        ("bytearray", []) => Array.Empty<byte>(),
        _ => throw Damaged($"calls {function.Module}.{function.Name} with arguments that it does not take"),
    };

    private static Hashtable FromPairs(ArrayList pairs)
    {
        var table = new Hashtable();
        foreach (var pair in pairs)
        {
            var (key, value) = pair switch
            {
                object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                ArrayList { Count: 2 } list => (list[0], list[1]),
                _ => throw Damaged("has something else where a key and a value belong"),
            };
            table[key ?? throw Damaged("has None as a key")] = value;
        }
        return table;
    }

    private static long Long(object? value) => value switch
    {
        int number => number,
        long number => number,
        _ => throw Damaged("has something else where a size belongs"),
    };

    private static long[] Longs(object?[] values) => [.. values.Select(Long)];
}
