using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Several networks as one whose output is the sum of theirs: a student with the assistants that learnt what it lacked.</summary>
public sealed class NetworkSum : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>[] _networks;

    /// <summary>Makes the network.</summary>
    /// <param name="networks">The networks with their names in the state dict; they become parts of this.</param>
    /// <exception cref="ArgumentException">There is none, or a name comes twice.</exception>
    public NetworkSum(params IReadOnlyList<(string Name, nn.Module<Tensor, Tensor> Network)> networks)
        : base(nameof(NetworkSum))
    {
        ArgumentNullException.ThrowIfNull(networks);
        if (networks.Count == 0 || networks.DistinctBy(one => one.Name).Count() < networks.Count)
        {
            throw new ArgumentException("Expected networks of different names.", nameof(networks));
        }

        _networks = [.. networks.Select(one => one.Network)];
        foreach (var (name, network) in networks)
        {
            register_module(name, network);
        }
    }

    /// <summary>Runs all networks.</summary>
    /// <param name="input">What each of them takes.</param>
    /// <returns>The sum of what they return, of one shape.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var sum = _networks[0].call(input);
        foreach (var network in _networks.AsSpan(1))
        {
            sum = sum + network.call(input);
        }

        return (ReferenceEquals(sum, input) ? sum.alias() : sum).MoveToOuterDisposeScope();
    }
}
