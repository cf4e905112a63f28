using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// MobileNetV2 without its last convolution and classifier, with the names of DrSleep/light-weight-refinenet: <c>layer1</c> to <c>layer8</c>, each a stage. Blocks
/// have an expansion even by a factor of 1, which torchvision leaves out.
/// </summary>
internal sealed class MobileNetV2Trunk : Backbone
{
    private readonly IReadOnlyList<nn.Module<Tensor, Tensor>> _layers;

    internal MobileNetV2Trunk(MobileNetV2Options options) : base(nameof(MobileNetV2Trunk))
    {
        var factory = new LayerFactory(options);
        var input = Scaled(MobileNetV2.Stem);
        var channels = new List<long> { input };
        var layers = new List<nn.Module<Tensor, Tensor>> { factory.ConvolutionNorm(nn.ReLU6(inplace: true), 3, input, 3, 2) };
        foreach (var (expansion, output, blocks, stride) in MobileNetV2.Table)
        {
            channels.Add(Scaled(output));
            layers.Add(nn.Sequential([.. Enumerable.Range(0, blocks).Select(i =>
                Block(factory, i == 0 ? channels[^2] : channels[^1], channels[^1], expansion, i == 0 ? stride : 1))]));
        }

        for (var i = 0; i < layers.Count; i++) register_module($"layer{i + 1}", layers[i]);
        (_layers, Channels) = (layers, channels);
        Stages = [.. layers.Select((layer, i) => new BackboneStage($"layer{i + 1}", [layer]))];
        MobileNetTrunk.Initialise(this, options.Generator);

        long Scaled(long count) => Backbones.Channels.Divisible(count * options.WidthMultiplier, options.RoundNearest);
    }

    public override IReadOnlyList<BackboneStage> Stages { get; }

    /// <summary>The channels of each layer.</summary>
    internal IReadOnlyList<long> Channels { get; }

    /// <summary>What the layers from the third on give, the finest first.</summary>
    internal IReadOnlyList<Tensor> Maps(Tensor images)
    {
        var maps = new List<Tensor> { images.Through(_layers[0], _layers[1], _layers[2]) };
        foreach (var layer in _layers.Skip(3)) maps.Add(layer.call(maps[^1]));
        return maps;
    }

    private protected override Tensor Run(Tensor images) => images.Through([.. _layers]);

    private static InvertedResidual Block(LayerFactory layers, long input, long output, long expansion, long stride)
    {
        var hidden = input * expansion;
        var inner = nn.Sequential(
            layers.ConvolutionNorm(nn.ReLU6(inplace: true), input, hidden, 1),
            layers.ConvolutionNorm(nn.ReLU6(inplace: true), hidden, hidden, 3, stride, groups: hidden),
            layers.ConvolutionNorm(activation: null, hidden, output, 1));
        return new("output", inner, residual: stride == 1 && input == output, strided: stride > 1);
    }
}
