using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>
/// A densely connected network with torchvision's names: <c>features.conv0</c>, <c>features.denseblock1.denselayer1.norm1</c> and so on, <c>classifier</c>.
/// The stages are the stem, each block with the transition behind it, and the classifier.
/// </summary>
public sealed class DenseNet : Backbone
{
    [ComponentName(Name = "features")] private readonly Sequential _features;
    [ComponentName(Name = "classifier")] private readonly Linear? _classifier;

    // Torchvision has a function here, and no module: out of the fields, so that it gets no name.
    private readonly Func<Tensor, Tensor> _pool = nn.AdaptiveAvgPool2d(1).call;

    /// <summary>Makes the network with first weights drawn as torchvision draws them.</summary>
    /// <param name="options">The architecture; DenseNet-121 where null. Without classes there is no classifier.</param>
    public DenseNet(DenseNetOptions? options = null) : base(nameof(DenseNet))
    {
        options ??= new();
        var layers = new LayerFactory(options);
        var channels = (long)options.StemChannels;
        var named = new List<(string Name, nn.Module<Tensor, Tensor> Module)>
        {
            ("conv0", layers.Convolution(3, channels, 7, 2)), ("norm0", layers.Norm(channels)), ("relu0", nn.ReLU(inplace: true)), ("pool0", nn.MaxPool2d(3, 2, 1)),
        };
        var stages = new List<BackboneStage> { new("stem", [.. named.Select(one => one.Module)]) };
        for (var i = 0; i < options.Blocks.Count; i++)
        {
            var start = named.Count;
            named.Add(($"denseblock{i + 1}", new DenseBlock(layers, channels, options.Blocks[i], options)));
            channels += (long)options.Blocks[i] * options.GrowthRate;
            if (i < options.Blocks.Count - 1)
            {
                named.Add(($"transition{i + 1}", nn.Sequential(
                    ("norm", layers.Norm(channels)), ("relu", nn.ReLU(inplace: true)), ("conv", layers.Convolution(channels, channels / 2, 1)), ("pool", nn.AvgPool2d(2, 2)))));
                channels /= 2;
            }
            else
            {
                named.Add(("norm5", layers.Norm(channels)));
            }

            stages.Add(new($"denseblock{i + 1}", [.. named.Skip(start).Select(one => one.Module)]));
        }

        _features = nn.Sequential(named);
        if (options.NumClasses > 0) _classifier = layers.Linear(channels, options.NumClasses);
        RegisterComponents();
        Stages = [.. stages, .. _classifier is null ? Array.Empty<BackboneStage>() : [new("classifier", [_classifier])]];
        foreach (var convolution in modules().OfType<Conv2d>()) Layers.KaimingNormal(convolution, nn.init.FanInOut.FanIn, options.Generator);
        if (_classifier is null) return;
        Layers.Uniform(_classifier, options.Generator);
        nn.init.zeros_(_classifier.bias!);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<BackboneStage> Stages { get; }

    private protected override Tensor Run(Tensor images)
    {
        using var features = _features.call(images);
        var pooled = Layers.Pooled(nn.functional.relu(features, inplace: true), _pool);
        return _classifier?.call(pooled) ?? pooled;
    }
}
