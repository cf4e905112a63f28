using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>A classifier with more classes than one that is there, whose rows it starts with.</summary>
public static class GrownClassifier
{
    /// <summary>Makes the larger classifier; the old one stays as it is.</summary>
    /// <param name="old">The classifier of the old classes.</param>
    /// <param name="added">How many classes come behind them.</param>
    /// <param name="generator">Draws the rows of the new classes as a new layer's; null for libtorch's own.</param>
    /// <returns>A layer on the device and of the type of the old one.</returns>
    public static Linear Of(Linear old, long added, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentOutOfRangeException.ThrowIfLessThan(added, 1);
        var (classes, width) = (old.weight.size(0), old.weight.size(1));
        var grown = nn.Linear(width, classes + added, hasBias: old.bias is not null);
        Layers.Uniform(grown.weight, 1 / Math.Sqrt(width), generator);
        if (grown.bias is { } drawn)
        {
            Layers.Uniform(drawn, 1 / Math.Sqrt(width), generator);
        }

        grown = grown.to(old.weight.dtype).to(old.weight.device);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        grown.weight.narrow(0, 0, classes).copy_(old.weight);
        grown.bias?.narrow(0, 0, classes).copy_(old.bias!);
        return grown;
    }
}
