using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>
/// A VGG network with torchvision's names: <c>features.0</c> and so on, <c>classifier.0</c>, <c>classifier.3</c> and <c>classifier.6</c>. The stages are the
/// five resolutions and the classifier.
/// </summary>
public sealed class Vgg : Backbone
{
    private const long PooledSize = 7, Hidden = 4096;
    private const double LinearDeviation = 0.01;
    private static readonly long[] Channels = [64, 128, 256, 512, 512];

    [ComponentName(Name = "features")] private readonly Sequential _features;
    [ComponentName(Name = "avgpool")] private readonly AdaptiveAvgPool2d _avgpool = nn.AdaptiveAvgPool2d(PooledSize);
    [ComponentName(Name = "classifier")] private readonly Sequential? _classifier;

    /// <summary>Makes the network with first weights drawn as torchvision draws them.</summary>
    /// <param name="options">The architecture; VGG-16 without normalisation where null. Without classes there is no classifier, which has most of the parameters.</param>
    public Vgg(VggOptions? options = null) : base(nameof(Vgg))
    {
        options ??= new();
        var layers = new LayerFactory(options);
        var stages = FeatureStages(options);
        _features = nn.Sequential(stages.SelectMany(stage => stage));
        if (options.NumClasses > 0)
        {
            _classifier = nn.Sequential(
                layers.Linear(Channels[^1] * PooledSize * PooledSize, Hidden), nn.ReLU(inplace: true), nn.Dropout(options.Dropout),
                layers.Linear(Hidden, Hidden), nn.ReLU(inplace: true), nn.Dropout(options.Dropout),
                layers.Linear(Hidden, options.NumClasses));
        }

        RegisterComponents();
        Stages =
        [
            .. stages.Select((stage, i) => new BackboneStage($"stage{i + 1}", stage)),
            .. _classifier is null ? Array.Empty<BackboneStage>() : [new("classifier", [_classifier])],
        ];
        foreach (var linear in modules().OfType<Linear>()) Layers.Normal(linear, LinearDeviation, options.Generator);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<BackboneStage> Stages { get; }

    /// <summary>The layers of each of the five resolutions, which make <c>features</c>, with their first weights.</summary>
    internal static List<List<nn.Module<Tensor, Tensor>>> FeatureStages(VggOptions options)
    {
        var layers = new LayerFactory(options);
        var stages = Channels.Select((channels, stage) => Stage(layers, options, stage == 0 ? 3 : Channels[stage - 1], channels, options.Convolutions[stage])).ToList();
        foreach (var convolution in stages.SelectMany(stage => stage).OfType<Conv2d>()) Layers.KaimingNormal(convolution, nn.init.FanInOut.FanOut, options.Generator);
        return stages;
    }

    private protected override Tensor Run(Tensor images)
    {
        var pooled = Layers.Pooled(_features.call(images), _avgpool.call);
        return _classifier?.call(pooled) ?? pooled;
    }

    private static List<nn.Module<Tensor, Tensor>> Stage(LayerFactory layers, VggOptions options, long input, long channels, int convolutions)
    {
        var stage = new List<nn.Module<Tensor, Tensor>>();
        for (var i = 0; i < convolutions; i++)
        {
            stage.Add(layers.Convolution(i == 0 ? input : channels, channels, 3, bias: true));
            if (options.BatchNorm) stage.Add(layers.Norm(channels));
            stage.Add(nn.ReLU(inplace: true));
        }

        stage.Add(nn.MaxPool2d(2, 2));
        return stage;
    }
}
