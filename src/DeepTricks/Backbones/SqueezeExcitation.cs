using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>Weights channels by what the whole image says (Hu et al. 2018), with the hard sigmoid of MobileNetV3.</summary>
internal sealed class SqueezeExcitation : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "avgpool")] private readonly AdaptiveAvgPool2d _avgpool = nn.AdaptiveAvgPool2d(1);
    [ComponentName(Name = "fc1")] private readonly Conv2d _fc1;
    [ComponentName(Name = "fc2")] private readonly Conv2d _fc2;
    [ComponentName(Name = "activation")] private readonly ReLU _activation = nn.ReLU();
    [ComponentName(Name = "scale_activation")] private readonly Hardsigmoid _scaleActivation = nn.Hardsigmoid();

    internal SqueezeExcitation(LayerFactory layers, long channels, long squeezed) : base(nameof(SqueezeExcitation))
    {
        _fc1 = layers.Convolution(channels, squeezed, 1, bias: true);
        _fc2 = layers.Convolution(squeezed, channels, 1, bias: true);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (input.Through(_avgpool, _fc1, _activation, _fc2, _scaleActivation) * input).MoveToOuterDisposeScope();
    }
}
