using System.Numerics;
using System.Text;
using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>
/// The list of what a pickle may name, and what comes of it. A name that is not here is noted, and becomes an object without behaviour.
/// </summary>
internal sealed class PickleBuilders
{
    private static readonly HashSet<string> Types = ["torch.nn.parameter.Parameter", "torch.Tensor", "torch._tensor.Tensor"];

    private static readonly HashSet<string> Functions =
    [
        "collections.OrderedDict", "collections.defaultdict", "collections.Counter", "torch.Size", "torch.device", "_codecs.encode",
        "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3", "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_parameter_with_state", "torch._tensor._rebuild_from_type_v2",
        .. BuiltIn("dict"), .. BuiltIn("list"), .. BuiltIn("tuple"), .. BuiltIn("set"), .. BuiltIn("frozenset"), .. BuiltIn("bytes"),
        .. BuiltIn("bytearray"), .. BuiltIn("complex"),
    ];

    private readonly SortedSet<string> _unknown = new(StringComparer.Ordinal);

    /// <summary>The element types of the storages by key; files before 1.6 give their sizes in elements.</summary>
    internal Dictionary<string, ScalarType> Storages { get; } = [];

    /// <summary>The names that are on no list.</summary>
    internal IReadOnlyCollection<string> Unknown => _unknown;

    internal PickleGlobal Global(string name)
    {
        if (!Functions.Contains(name) && !Types.Contains(name) && StorageType(name) is null && DataType(name) is null)
            _unknown.Add(name);
        return new(name);
    }

    /// <summary>What a call of something on the list gives.</summary>
    internal object? Call(string name, object?[] arguments) => (WithoutModule(name), arguments) switch
    {
        _ when !Functions.Contains(name) => new PickleObject(name),
        ("_rebuild_tensor" or "_rebuild_tensor_v2", [PickleStorage storage, long offset, var shape, var strides, .. var rest]) =>
            Tensor(storage, storage.Type, offset, shape, strides, rest),
        ("_rebuild_tensor_v3", [PickleStorage storage, long offset, var shape, var strides, _, _, PickleGlobal type, .. var rest]) =>
            DataType(type.Name) is { } known ? Tensor(storage, known, offset, shape, strides, [null, null, .. rest]) : new PickleObject(type.Name),
        ("_rebuild_parameter" or "_rebuild_parameter_with_state", [var data, ..]) => data,
        ("_rebuild_from_type_v2", [PickleGlobal function, _, object?[] inner, ..]) when function.Name != name => Call(function.Name, inner),
        ("OrderedDict" or "dict" or "Counter", []) => new PickleDictionary(),
        ("OrderedDict" or "dict" or "Counter", [PickleDictionary content]) => content,
        ("OrderedDict" or "dict", [List<object?> pairs]) => OfPairs(pairs),
        ("defaultdict", _) => new PickleDictionary(),
        ("Size", [object?[] sizes]) => sizes,
        ("list", []) => new List<object?>(),
        ("tuple", []) => Array.Empty<object?>(),
        ("list" or "tuple", [var content]) => content,
        ("set" or "frozenset", []) => new PickleSet(),
        ("set" or "frozenset", [List<object?> items]) => OfItems(items),
        ("bytes" or "bytearray", []) => Array.Empty<byte>(),
        ("bytes" or "bytearray", [byte[] content, ..]) => content,
        ("bytes" or "bytearray" or "encode", [string text, ..]) => Encoding.Latin1.GetBytes(text),
        ("complex", [double real, double imaginary]) => new Complex(real, imaginary),
        ("device", [string device, ..]) => device,
        _ => throw new InvalidDataException($"{name} is called with arguments that it cannot have."),
    };

    /// <summary>A storage, or in files before 1.6 a class with its source.</summary>
    internal object? Persistent(object? id) => id switch
    {
        object?[] and ["storage", PickleGlobal type, string key, _, long count] when StorageType(type.Name) is { } known => Storage(key, known, count, null),
        object?[] and ["storage", PickleGlobal type, string key, _, long count, var view] when StorageType(type.Name) is { } known => Storage(key, known, count, view),
        object?[] and ["storage", PickleGlobal type, ..] => new PickleObject(type.Name),
        object?[] and ["module", PickleGlobal type, ..] => type,
        _ => throw new InvalidDataException("a pickle refers to something outside that is no storage."),
    };

    private PickleStorage Storage(string key, ScalarType type, long count, object? view)
    {
        if (count < 0)
            throw new InvalidDataException($"the storage \"{key}\" has {count} elements.");
        if (Storages.TryGetValue(key, out var known) && known != type)
            throw new InvalidDataException($"the storage \"{key}\" is of {known} and of {type}.");
        Storages[key] = type;
        return view switch
        {
            null => new(key, type, count),
            object?[] and [string, long start, long size] when start >= 0 && size >= 0 && start <= count && size <= count - start => new(key, type, size, start),
            _ => throw new InvalidDataException($"the storage \"{key}\" is a view that cannot be."),
        };
    }

    private static object Tensor(PickleStorage storage, ScalarType type, long offset, object? shape, object? strides, object?[] rest)
    {
        // The bits of newer versions for tensors that are conjugated or negated when they are read.
        if (rest is [_, _, PickleDictionary flags, ..] && flags.Items.Any(flag => flag is { Key: "conj" or "neg", Value: true }))
            throw new InvalidDataException("a tensor is stored conjugated or negated by a flag; save it with resolve_conj().resolve_neg().");
        return new PickleTensor(storage, type, offset, Sizes(shape), Sizes(strides));
    }

    private static long[] Sizes(object? value) => value is object?[] sizes && sizes.Length <= 64 && sizes.All(size => size is long)
        ? [.. sizes.Select(size => (long)size!)]
        : throw new InvalidDataException("a tensor has a shape or strides that are no tuple of integers.");

    private static PickleDictionary OfPairs(List<object?> pairs)
    {
        var dictionary = new PickleDictionary();
        foreach (var pair in pairs)
            if (pair is object?[] and [var key, var value])
                dictionary.Add(key, value);
            else if (pair is List<object?> and [var first, var second])
                dictionary.Add(first, second);
            else
                throw new InvalidDataException("a dictionary is made of what are no pairs.");
        return dictionary;
    }

    private static PickleSet OfItems(List<object?> items)
    {
        var set = new PickleSet();
        set.Items.AddRange(items);
        return set;
    }

    private static IEnumerable<string> BuiltIn(string name) => [$"builtins.{name}", $"__builtin__.{name}"];

    private static string WithoutModule(string name) => name[(name.LastIndexOf('.') + 1)..];

    // Storages without a type count in bytes.
    private static ScalarType? StorageType(string name) => name is "torch.storage.UntypedStorage" or "torch.storage._UntypedStorage" or "torch.UntypedStorage"
        ? ScalarType.Byte
        : name.StartsWith("torch.", StringComparison.Ordinal) && name.Count(letter => letter == '.') == (name.StartsWith("torch.cuda.", StringComparison.Ordinal) ? 2 : 1)
            ? ElementTypes.OfStorageName(WithoutModule(name))
            : null;

    private static ScalarType? DataType(string name) => name.StartsWith("torch.", StringComparison.Ordinal) ? ElementTypes.OfTorchName(name["torch.".Length..]) : null;
}
