using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>What a file of tensors holds. It owns the tensors.</summary>
public sealed class SafeTensorsContent : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors;

    internal SafeTensorsContent(Dictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (_tensors, Metadata) = (tensors, metadata);

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>The texts by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Disposes of the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
            tensor.Dispose();
    }
}
