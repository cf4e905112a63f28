using DeepTricks.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>The backbones of torchvision's detection models, without their classifiers.</summary>
internal static class DetectionBackbones
{
    // The files of torchvision's first versions were trained before the frozen normalisation had an ε.
    private const double FirstVersionEpsilon = 0;
    private static readonly string[] ResNetLayers = ["layer1", "layer2", "layer3", "layer4"];

    internal static PyramidBackbone ResNet50(FasterRcnnOptions options)
    {
        var body = new ResNet(ResNetOptions.ResNet50 with
        {
            NumClasses = 0,
            NormLayer = channels => new FrozenBatchNorm2d(channels, FirstVersionEpsilon),
            FoldNorms = true,
            Generator = options.Generator,
        });
        Train(body.Stages, options.TrainableStages);
        return new(body, ResNetLayers, new() { Generator = options.Generator });
    }

    internal static PyramidBackbone ResNet50V2(FasterRcnnOptions options)
    {
        var body = new ResNet(ResNetOptions.ResNet50 with { NumClasses = 0, FoldNorms = true, Generator = options.Generator });
        Train(body.Stages, options.TrainableStages);
        return new(body, ResNetLayers, new() { NormLayer = channels => nn.BatchNorm2d(channels), Generator = options.Generator });
    }

    internal static PyramidBackbone MobileNetV3Large(FasterRcnnOptions options)
    {
        var layers = MobileNetV3.FeatureLayers(
            MobileNetV3Options.Large with { NormLayer = channels => new FrozenBatchNorm2d(channels), FoldNorms = true }, out _);
        var stages = MobileNetTrunk.Stages(layers);
        var body = nn.Sequential(layers);
        MobileNetTrunk.Initialise(body, options.Generator);
        Train(stages, options.TrainableStages);
        // The last stride, and the last convolution behind it.
        var first = layers.Count - stages[^1].Modules.Count - stages[^2].Modules.Count;
        return new(body, [$"{first}", $"{layers.Count - 1}"], new() { Generator = options.Generator });
    }

    /// <summary>VGG-16 without its last pooling, so that the map has a stride of 16.</summary>
    internal static SingleMapBackbone Vgg16(FastRcnnOptions options)
    {
        var stages = Vgg.FeatureStages(VggOptions.Vgg16 with { Generator = options.Generator });
        stages[^1].RemoveAt(stages[^1].Count - 1);
        Train([.. stages.Select((stage, i) => new BackboneStage($"stage{i + 1}", stage))], options.TrainableStages);
        return new(nn.Sequential(stages.SelectMany(stage => stage)));
    }

    // Not Backbone.Freeze: torchvision leaves the frozen stages' normalisations in training mode.
    private static void Train(IReadOnlyList<BackboneStage> stages, int trainable)
    {
        if (trainable > stages.Count)
            throw new ArgumentOutOfRangeException("options", trainable, $"The backbone has {stages.Count} stages.");
        foreach (var parameter in stages.SkipLast(trainable).SelectMany(stage => stage.Parameters)) parameter.requires_grad = false;
    }
}
