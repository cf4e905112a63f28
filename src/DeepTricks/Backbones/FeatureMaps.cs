using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>The features of one forward pass by their names, in the order in which they were asked for, and what the model returned.</summary>
/// <remarks>The tensors belong to the dispose scope in which they were taken; disposing of this disposes of them all.</remarks>
public sealed class FeatureMaps : IReadOnlyDictionary<string, Tensor>, IDisposable
{
    private readonly OrderedDictionary<string, Tensor> _features;

    internal FeatureMaps(Tensor output, OrderedDictionary<string, Tensor> features) => (Output, _features) = (output, features);

    /// <summary>What the model returned.</summary>
    public Tensor Output { get; }

    /// <inheritdoc/>
    public int Count => _features.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _features.Keys;

    /// <inheritdoc/>
    public IEnumerable<Tensor> Values => _features.Values;

    /// <summary>The features of a name.</summary>
    /// <param name="key">The name.</param>
    /// <exception cref="KeyNotFoundException">Nothing has this name.</exception>
    public Tensor this[string key] => _features.TryGetValue(key, out var features)
        ? features
        : throw new KeyNotFoundException($"No features are named '{key}'; there are: {string.Join(", ", _features.Keys)}.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _features.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value) => _features.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => _features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Disposes of the features and of the output.</summary>
    public void Dispose()
    {
        foreach (var features in _features.Values) features.Dispose();
        Output.Dispose();
    }
}
