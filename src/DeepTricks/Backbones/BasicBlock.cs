using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>Two 3 × 3 convolutions beside the identity.</summary>
internal sealed class BasicBlock : ResidualBlock
{
    internal const int Expansion = 1;

    private readonly bool _fold;

    [ComponentName(Name = "conv1")] private readonly Conv2d _conv1;
    [ComponentName(Name = "bn1")] private readonly nn.Module<Tensor, Tensor> _bn1;
    [ComponentName(Name = "relu")] private readonly ReLU _relu = nn.ReLU(inplace: true);
    [ComponentName(Name = "conv2")] private readonly Conv2d _conv2;
    [ComponentName(Name = "bn2")] private readonly nn.Module<Tensor, Tensor> _bn2;
    [ComponentName(Name = "downsample")] private readonly ConvolutionNorm? _downsample;

    internal BasicBlock(LayerFactory layers, long input, long planes, long stride, ConvolutionNorm? downsample) : base(nameof(BasicBlock))
    {
        _fold = layers.Fold;
        _conv1 = layers.Convolution(input, planes, 3, stride);
        _bn1 = layers.Norm(planes);
        _conv2 = layers.Convolution(planes, planes, 3);
        _bn2 = layers.Norm(planes);
        _downsample = downsample;
        RegisterComponents();
    }

    internal override nn.Module LastNorm => _bn2;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Join(input.Through(_fold, _conv1, _bn1, _relu, _conv2, _bn2), input, _downsample, _relu).MoveToOuterDisposeScope();
    }
}
