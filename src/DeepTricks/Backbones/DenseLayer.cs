using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>Takes all features before it, joined, and gives the few that it adds.</summary>
internal sealed class DenseLayer : nn.Module<Tensor, Tensor>
{
    private readonly double _dropout;

    [ComponentName(Name = "norm1")] private readonly nn.Module<Tensor, Tensor> _norm1;
    [ComponentName(Name = "relu1")] private readonly ReLU _relu1 = nn.ReLU(inplace: true);
    [ComponentName(Name = "conv1")] private readonly Conv2d _conv1;
    [ComponentName(Name = "norm2")] private readonly nn.Module<Tensor, Tensor> _norm2;
    [ComponentName(Name = "relu2")] private readonly ReLU _relu2 = nn.ReLU(inplace: true);
    [ComponentName(Name = "conv2")] private readonly Conv2d _conv2;

    internal DenseLayer(LayerFactory layers, long channels, DenseNetOptions options) : base(nameof(DenseLayer))
    {
        var width = (long)options.BottleneckFactor * options.GrowthRate;
        _dropout = options.Dropout;
        _norm1 = layers.Norm(channels);
        _conv1 = layers.Convolution(channels, width, 1);
        _norm2 = layers.Norm(width);
        _conv2 = layers.Convolution(width, options.GrowthRate, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var added = input.Through(_norm1, _relu1, _conv1, _norm2, _relu2, _conv2);
        if (_dropout > 0) added = nn.functional.dropout(added, _dropout, training);
        return added.MoveToOuterDisposeScope();
    }
}
