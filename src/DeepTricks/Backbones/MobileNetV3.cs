using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>
/// MobileNetV3 with torchvision's names: <c>features.0</c> and so on, <c>classifier.0</c> and <c>classifier.3</c>. The stages are the stem, one from each stride on,
/// the last convolution and the classifier.
/// </summary>
public sealed class MobileNetV3 : Backbone
{
    private const double Epsilon = 0.001, Momentum = 0.01;
    private const long Divisor = 8, LastFactor = 6, LargeHidden = 1280, SmallHidden = 1024;

    [ComponentName(Name = "features")] private readonly Sequential _features;
    [ComponentName(Name = "avgpool")] private readonly AdaptiveAvgPool2d _avgpool = nn.AdaptiveAvgPool2d(1);
    [ComponentName(Name = "classifier")] private readonly Sequential _classifier;

    /// <summary>Makes the network with first weights drawn as torchvision draws them.</summary>
    /// <param name="options">Size, width, classes and so on; the large network where null.</param>
    /// <exception cref="ArgumentException">There are no classes.</exception>
    public MobileNetV3(MobileNetV3Options? options = null) : base(nameof(MobileNetV3))
    {
        options = WithHead(options);
        var layers = new LayerFactory(options, Epsilon, Momentum);
        var features = FeatureLayers(options, out var last);
        var hidden = Channels.Divisible((options.IsSmall ? SmallHidden : LargeHidden) / (options.ReducedTail ? 2 : 1) * options.WidthMultiplier, Divisor);
        _features = nn.Sequential(features);
        _classifier = nn.Sequential(layers.Linear(last, hidden), nn.Hardswish(inplace: true), nn.Dropout(options.Dropout, inplace: true), layers.Linear(hidden, options.NumClasses));
        RegisterComponents();
        Stages = MobileNetTrunk.Stages(features, _classifier);
        MobileNetTrunk.Initialise(this, options.Generator);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<BackboneStage> Stages { get; }

    /// <summary>The layers before the pooling, which make <c>features</c>.</summary>
    internal static List<nn.Module<Tensor, Tensor>> FeatureLayers(MobileNetV3Options options, out long channels)
    {
        var layers = new LayerFactory(options, Epsilon, Momentum);
        var table = MobileNetV3Block.Table(options);
        channels = LastFactor * table[^1].Output;
        return
        [
            layers.ConvolutionNorm(nn.Hardswish(inplace: true), 3, table[0].Input, 3, 2),
            .. table.Select(block => block.Make(layers)),
            layers.ConvolutionNorm(nn.Hardswish(inplace: true), table[^1].Output, channels, 1),
        ];
    }

    private protected override Tensor Run(Tensor images) => _classifier.call(Layers.Pooled(_features.call(images), _avgpool.call));
}
