using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Puts tensors into the entries of a network's state dict.</summary>
internal static class StateCopy
{
    /// <summary>Gives a network the weights and buffers of another one of the same shape.</summary>
    internal static void Copy(nn.Module from, nn.Module to)
    {
        using var scope = NewDisposeScope();
        var source = from.state_dict();
        Fill(to, name => source.TryGetValue(name, out var tensor) ? tensor : throw new InvalidOperationException($"The network has no \"{name}\": it is of another shape."));
    }

    /// <summary>Fills every entry by its name.</summary>
    internal static void Fill(nn.Module network, Func<string, Tensor> find)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        foreach (var (name, tensor) in network.state_dict()) tensor.copy_(find(name));
    }
}
