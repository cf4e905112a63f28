using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>
/// A residual network with torchvision's names: <c>conv1</c>, <c>bn1</c>, <c>layer1</c> to <c>layer4</c>, <c>fc</c>. The stages are the stem, the four
/// layers and the head.
/// </summary>
public sealed class ResNet : Backbone
{
    internal const long StemChannels = 64;

    private readonly bool _fold;

    [ComponentName(Name = "conv1")] private readonly Conv2d _conv1;
    [ComponentName(Name = "bn1")] private readonly nn.Module<Tensor, Tensor> _bn1;
    [ComponentName(Name = "relu")] private readonly ReLU _relu = nn.ReLU(inplace: true);
    [ComponentName(Name = "maxpool")] private readonly MaxPool2d _maxpool = nn.MaxPool2d(3, 2, 1);
    [ComponentName(Name = "layer1")] private readonly Sequential _layer1;
    [ComponentName(Name = "layer2")] private readonly Sequential _layer2;
    [ComponentName(Name = "layer3")] private readonly Sequential _layer3;
    [ComponentName(Name = "layer4")] private readonly Sequential _layer4;
    [ComponentName(Name = "avgpool")] private readonly AdaptiveAvgPool2d _avgpool = nn.AdaptiveAvgPool2d(1);
    [ComponentName(Name = "fc")] private readonly Linear? _fc;

    /// <summary>Makes the network with first weights drawn as torchvision draws them.</summary>
    /// <param name="options">The architecture; ResNet-50 where null.</param>
    /// <exception cref="ArgumentException">Basic blocks are asked for groups, width or dilation.</exception>
    public ResNet(ResNetOptions? options = null) : base(nameof(ResNet))
    {
        options ??= new();
        options.Check();
        var layers = new LayerFactory(options);
        _fold = layers.Fold;
        _conv1 = layers.Convolution(3, StemChannels, 7, 2);
        _bn1 = layers.Norm(StemChannels);
        var builder = new ResNetStages(options, layers, StemChannels);
        _layer1 = builder.Next(stride: 1, dilate: false);
        _layer2 = builder.Next(stride: 2, options.ReplaceStrideWithDilation[0]);
        _layer3 = builder.Next(stride: 2, options.ReplaceStrideWithDilation[1]);
        _layer4 = builder.Next(stride: 2, options.ReplaceStrideWithDilation[2]);
        Features = builder.Channels;
        if (options.NumClasses > 0) _fc = layers.Linear(Features, options.NumClasses);
        RegisterComponents();
        Stages =
        [
            new("stem", [_conv1, _bn1]), new("layer1", [_layer1]), new("layer2", [_layer2]), new("layer3", [_layer3]), new("layer4", [_layer4]),
            .. _fc is null ? Array.Empty<BackboneStage>() : [new("fc", [_fc])],
        ];
        Initialise(options);
    }

    /// <summary>The channels of <c>layer4</c>, and of what the network returns where it has no head.</summary>
    public long Features { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<BackboneStage> Stages { get; }

    /// <summary>What the four layers give, the finest first.</summary>
    internal IReadOnlyList<Tensor> Maps(Tensor images) => FromFirst(images.Through(_conv1, _bn1, _relu, _maxpool, _layer1));

    /// <summary>What the stem gives before it pools, and then what the four layers give.</summary>
    internal IReadOnlyList<Tensor> Pyramid(Tensor images)
    {
        var stem = images.Through(_conv1, _bn1, _relu);
        return [stem, .. FromFirst(stem.Through(_maxpool, _layer1))];
    }

    private Tensor[] FromFirst(Tensor first)
    {
        var second = _layer2.call(first);
        var third = _layer3.call(second);
        return [first, second, third, _layer4.call(third)];
    }

    private protected override Tensor Run(Tensor images)
    {
        var pooled = Layers.Pooled(images.Through(_fold, _conv1, _bn1, _relu, _maxpool, _layer1, _layer2, _layer3, _layer4), _avgpool.call);
        return _fc?.call(pooled) ?? pooled;
    }

    private void Initialise(ResNetOptions options)
    {
        foreach (var module in modules())
        {
            if (module is Conv2d convolution) Layers.KaimingNormal(convolution, nn.init.FanInOut.FanOut, options.Generator);
            else if (options.ZeroInitResidual && module is ResidualBlock block && block.LastNorm.get_parameter("weight") is { } weight) nn.init.zeros_(weight);
        }

        if (_fc is not null) Layers.Uniform(_fc, options.Generator);
    }
}
