using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The maps of evidence of one pass, un-normalised, with what the model returned.</summary>
/// <remarks>The tensors belong to the dispose scope in which they were taken; disposing of this disposes of them all.</remarks>
public sealed class EvidenceMaps : IDisposable
{
    private readonly OrderedDictionary<string, Tensor> _maps;
    private readonly long _height, _width;

    internal EvidenceMaps(Tensor logits, Tensor classes, OrderedDictionary<string, Tensor> maps, long height, long width) =>
        (Logits, Classes, _maps, _height, _width) = (logits, classes, maps, height, width);

    /// <summary>What the model returned, [N, K].</summary>
    public Tensor Logits { get; }

    /// <summary>The class of each map, [N] int64.</summary>
    public Tensor Classes { get; }

    /// <summary>The names of the layers, in the order in which they were asked for.</summary>
    public IReadOnlyList<string> Layers => [.. _maps.Keys];

    /// <summary>The map of a layer as the method makes it: signed, un-normalised, [N, height, width] of the layer.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <exception cref="KeyNotFoundException">No layer has this name.</exception>
    public Tensor this[string layer] => _maps.TryGetValue(layer, out var map)
        ? map
        : throw new KeyNotFoundException($"There is no map of a layer '{layer}'; there are: {string.Join(", ", _maps.Keys)}.");

    /// <summary>One map of all layers to look at, as pytorch-grad-cam makes it; see <see cref="ActivationMaps.Fuse"/>.</summary>
    /// <returns>[N, height, width] of the images, in [0, 1], in the dispose scope of the caller.</returns>
    public Tensor Normalized()
    {
        using var _ = no_grad();
        return ActivationMaps.Fuse([.. _maps.Values], _height, _width);
    }

    /// <summary>Disposes of the maps, the logits and the classes.</summary>
    public void Dispose()
    {
        foreach (var map in _maps.Values) map.Dispose();
        Logits.Dispose();
        Classes.Dispose();
    }
}
