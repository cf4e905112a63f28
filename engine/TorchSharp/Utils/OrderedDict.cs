using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that enumerates in the order of insertion.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)> where TKey : notnull
{
    private readonly List<(TKey, TValue)> _items = [];
    private readonly Dictionary<TKey, int> _places = [];

    public int Count => _items.Count;
    public bool IsReadOnly => false;
    public ICollection<TKey> Keys => [.. _items.Select(item => item.Item1)];
    public ICollection<TValue> Values => [.. _items.Select(item => item.Item2)];

    public TValue this[TKey key]
    {
        get => _items[_places[key]].Item2;
        set
        {
            if (_places.TryGetValue(key, out var place)) _items[place] = (key, value);
            else Add(key, value);
        }
    }

    public (TKey, TValue) this[int index]
    {
        get => _items[index];
        set
        {
            _places.Remove(_items[index].Item1);
            _places.Add(value.Item1, index);
            _items[index] = value;
        }
    }

    public void Add(TKey key, TValue value)
    {
        _places.Add(key, _items.Count);
        _items.Add((key, value));
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);
    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public bool ContainsKey(TKey key) => _places.ContainsKey(key);
    public bool Contains((TKey, TValue) item) => IndexOf(item) >= 0;
    public bool Contains(KeyValuePair<TKey, TValue> item) => Contains((item.Key, item.Value));
    public int IndexOf((TKey, TValue) item) => _places.TryGetValue(item.Item1, out var place) && EqualityComparer<TValue>.Default.Equals(_items[place].Item2, item.Item2) ? place : -1;

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = _places.TryGetValue(key, out var place);
        value = found ? _items[place].Item2 : default;
        return found;
    }

    public void Insert(int index, (TKey, TValue) item)
    {
        _places.Add(item.Item1, index);
        _items.Insert(index, item);
        Renumber(index + 1);
    }

    public bool Remove(TKey key)
    {
        if (!_places.TryGetValue(key, out var place)) return false;
        RemoveAt(place);
        return true;
    }

    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);
    public bool Remove(KeyValuePair<TKey, TValue> item) => Remove((item.Key, item.Value));

    public void RemoveAt(int index)
    {
        _places.Remove(_items[index].Item1);
        _items.RemoveAt(index);
        Renumber(index);
    }

    private void Renumber(int from)
    {
        for (var i = from; i < _items.Count; i++) _places[_items[i].Item1] = i;
    }

    public void Clear()
    {
        _items.Clear();
        _places.Clear();
    }

    public void clear() => Clear();
    public IEnumerator<(TKey, TValue)> items() => _items.GetEnumerator();
    public IEnumerable<TKey> keys() => _items.Select(item => item.Item1);
    public IEnumerable<TValue> values() => _items.Select(item => item.Item2);

    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var (key, value) in _items) array[arrayIndex++] = new(key, value);
    }

    public IEnumerator<(TKey, TValue)> GetEnumerator() => _items.GetEnumerator();
    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => _items.Select(item => new KeyValuePair<TKey, TValue>(item.Item1, item.Item2)).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
