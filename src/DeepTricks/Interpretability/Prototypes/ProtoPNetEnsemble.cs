using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>Several networks whose logits are added, as in the paper: the evidence of all their prototypes adds up.</summary>
public sealed class ProtoPNetEnsemble : nn.Module<Tensor, Tensor>
{
    /// <summary>Puts networks together.</summary>
    /// <param name="networks">The networks, at least one, of equally many classes; they become parts of this one (<c>ppnets.0</c> and so on).</param>
    /// <exception cref="ArgumentException">There are none, or their classes differ.</exception>
    public ProtoPNetEnsemble(params IReadOnlyList<ProtoPNet> networks) : base(nameof(ProtoPNetEnsemble))
    {
        ArgumentNullException.ThrowIfNull(networks);
        if (networks.Count == 0) throw new ArgumentException("Expected at least one network.", nameof(networks));
        if (networks.Any(network => network.NumClasses != networks[0].NumClasses))
            throw new ArgumentException($"Expected networks of equally many classes, and they have {string.Join(", ", networks.Select(network => network.NumClasses))}.", nameof(networks));
        Networks = [.. networks];
        register_module("ppnets", nn.ModuleList(networks.ToArray()));
    }

    /// <summary>The networks.</summary>
    public IReadOnlyList<ProtoPNet> Networks { get; }

    /// <summary>Runs images through all networks.</summary>
    /// <param name="images">As the networks take them.</param>
    /// <returns>The sums of their logits, [N, K].</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var sum = Networks[0].call(images);
        foreach (var network in Networks.Skip(1)) sum += network.call(images);
        return sum.MoveToOuterDisposeScope();
    }
}
