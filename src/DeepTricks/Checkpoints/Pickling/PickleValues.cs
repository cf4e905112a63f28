using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>A name of Python code that a pickle mentions: "torch._utils._rebuild_tensor_v2". Nothing is ever looked up by it.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>What stands in for an object of unknown type: what the pickle says of it, and no behaviour.</summary>
internal sealed class PickleObject(string type)
{
    internal string Type { get; } = type;

    /// <summary>Where it is a dictionary of some kind.</summary>
    internal PickleDictionary Items { get; } = new();

    internal object? State { get; set; }
}

/// <summary>A dictionary in the order of the file; keys may be anything, and names are texts.</summary>
internal sealed class PickleDictionary
{
    private List<KeyValuePair<object?, object?>>? _items;

    internal IReadOnlyList<KeyValuePair<object?, object?>> Items => _items is null ? [] : _items;

    internal void Add(object? key, object? value) => (_items ??= []).Add(new(key, value));

    /// <summary>The last one counts, as in Python.</summary>
    internal bool TryFind(string key, out object? value)
    {
        for (var i = Items.Count - 1; i >= 0; i--)
            if (NameOf(Items[i].Key) == key)
            {
                value = Items[i].Value;
                return true;
            }
        value = null;
        return false;
    }

    internal static string? NameOf(object? key) => key switch
    {
        string text => text,
        long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };
}

internal sealed class PickleSet
{
    internal List<object?> Items { get; } = [];
}

/// <summary>A storage by its key; <paramref name="Start"/> is where it begins in the one that was saved, in elements.</summary>
internal sealed record PickleStorage(string Key, ScalarType Type, long Count, long Start = 0);

/// <summary>A tensor as a pickle describes it, not checked against anything yet.</summary>
internal sealed record PickleTensor(PickleStorage Storage, ScalarType Type, long Offset, long[] Shape, long[] Strides);
