using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Two linear layers over the features of a region, torchvision's TwoMLPHead: <c>fc6</c> and <c>fc7</c>.</summary>
public sealed class LinearBoxHead : nn.Module<Tensor, Tensor>
{
    private readonly double _dropout;

    [ComponentName(Name = "fc6")] private readonly Linear _fc6;
    [ComponentName(Name = "fc7")] private readonly Linear _fc7;

    /// <summary>Makes the head with first weights drawn as PyTorch draws them.</summary>
    /// <param name="features">The numbers of a region: channels · rows · columns.</param>
    /// <param name="width">The outputs of both layers; 1024 in torchvision.</param>
    /// <param name="dropout">The probability of dropout behind each layer, in [0, 1); 0, and 0.5 in Fast R-CNN.</param>
    /// <param name="generator">Draws the weights; a generator of the CPU, or null for libtorch's own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public LinearBoxHead(long features, long width, double dropout = 0, Generator? generator = null) : base(nameof(LinearBoxHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _dropout = Probability.Check(dropout, nameof(dropout));
        (_fc6, _fc7) = (nn.Linear(features, width), nn.Linear(width, width));
        RegisterComponents();
        if (generator is null) return;
        Layers.Uniform(_fc6, generator);
        Layers.Uniform(_fc7, generator);
    }

    /// <summary>Runs the two layers, each with a ReLU.</summary>
    /// <param name="input">[K, C, rows, columns].</param>
    /// <returns>[K, width].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = Activate(_fc6.call(input.flatten(1)));
        return Activate(_fc7.call(features)).MoveToOuterDisposeScope();
    }

    private Tensor Activate(Tensor features)
    {
        features.relu_();
        return _dropout > 0 ? nn.functional.dropout(features, _dropout, training) : features;
    }
}
