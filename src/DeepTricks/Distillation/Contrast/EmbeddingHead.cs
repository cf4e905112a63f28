using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Features to vectors of the length 1: flattened, a linear layer, divided by their norm. State-dict names as RepDistiller's <c>Embed</c>.</summary>
public sealed class EmbeddingHead : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "linear")]
    private readonly Linear _linear;

    /// <summary>Makes a head.</summary>
    /// <param name="features">The numbers of a sample.</param>
    /// <param name="dimension">The numbers of a vector.</param>
    /// <param name="generator">What the weights are drawn from, as PyTorch's linear layers begin; TorchSharp's own where null.</param>
    public EmbeddingHead(long features, long dimension, Generator? generator = null)
        : base(nameof(EmbeddingHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        _linear = nn.Linear(features, dimension);
        Layers.Uniform(_linear, generator);
        RegisterComponents();
    }

    /// <summary>The numbers of a sample that the head takes.</summary>
    public long Features => _linear.weight.size(1);

    /// <summary>Runs the head.</summary>
    /// <param name="input">[N, …] with <see cref="Features"/> numbers for each sample.</param>
    /// <returns>[N, dimension].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var embedded = _linear.call(input.flatten(1));
        return (embedded / embedded.square().sum(1, keepdim: true).sqrt()).MoveToOuterDisposeScope();
    }
}
