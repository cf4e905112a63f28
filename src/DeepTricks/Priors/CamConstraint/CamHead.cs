using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>A classifier of features whose maps are evidence: the global average and one linear layer. State-dict names: "weight" and "bias" under "classifier".</summary>
public sealed class CamHead : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    /// <summary>Makes the head.</summary>
    /// <param name="channels">The channels of the features.</param>
    /// <param name="classes">The classes; 1 for one class against the rest.</param>
    /// <param name="generator">Draws the first weights; null for libtorch's own.</param>
    public CamHead(long channels, long classes, Generator? generator = null)
        : base(nameof(CamHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        _classifier = nn.Linear(channels, classes);
        Layers.Uniform(_classifier, generator);
        RegisterComponents();
    }

    /// <summary>The weights, [K, C].</summary>
    public Tensor Weight => _classifier.weight;

    /// <summary>The logits: the mean of each map, and the bias.</summary>
    /// <param name="features">[N, C, h, w].</param>
    /// <returns>[N, K].</returns>
    public override Tensor forward(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        return _classifier.call(features.mean([2, 3])).MoveToOuterDisposeScope();
    }
}
