using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>1 × 1, 3 × 3 and 1 × 1 beside the identity; the stride is that of the 3 × 3, as in torchvision.</summary>
internal sealed class Bottleneck : ResidualBlock
{
    internal const int Expansion = 4;

    private readonly bool _fold;

    [ComponentName(Name = "conv1")] private readonly Conv2d _conv1;
    [ComponentName(Name = "bn1")] private readonly nn.Module<Tensor, Tensor> _bn1;
    [ComponentName(Name = "conv2")] private readonly Conv2d _conv2;
    [ComponentName(Name = "bn2")] private readonly nn.Module<Tensor, Tensor> _bn2;
    [ComponentName(Name = "conv3")] private readonly Conv2d _conv3;
    [ComponentName(Name = "bn3")] private readonly nn.Module<Tensor, Tensor> _bn3;
    [ComponentName(Name = "relu")] private readonly ReLU _relu = nn.ReLU(inplace: true);
    [ComponentName(Name = "downsample")] private readonly ConvolutionNorm? _downsample;

    internal Bottleneck(LayerFactory layers, long input, long planes, BottleneckShape shape, ConvolutionNorm? downsample) : base(nameof(Bottleneck))
    {
        _fold = layers.Fold;
        _conv1 = layers.Convolution(input, shape.Width, 1);
        _bn1 = layers.Norm(shape.Width);
        _conv2 = layers.Convolution(shape.Width, shape.Width, 3, shape.Stride, shape.Dilation, shape.Groups);
        _bn2 = layers.Norm(shape.Width);
        _conv3 = layers.Convolution(shape.Width, planes * Expansion, 1);
        _bn3 = layers.Norm(planes * Expansion);
        _downsample = downsample;
        RegisterComponents();
    }

    internal override nn.Module LastNorm => _bn3;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Join(input.Through(_fold, _conv1, _bn1, _relu, _conv2, _bn2, _relu, _conv3, _bn3), input, _downsample, _relu).MoveToOuterDisposeScope();
    }
}

/// <summary>The 3 × 3 convolution in the middle.</summary>
internal sealed record BottleneckShape(long Width, long Groups, long Stride, long Dilation);
