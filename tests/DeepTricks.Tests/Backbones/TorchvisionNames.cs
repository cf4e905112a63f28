using DeepTricks.Backbones;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Backbones;

/// <summary>The backbones under the names that torchvision gives them.</summary>
internal static class TorchvisionNames
{
    private static readonly Dictionary<string, BackboneOptions> Options = new()
    {
        ["resnet18"] = ResNetOptions.ResNet18,
        ["resnet34"] = ResNetOptions.ResNet34,
        ["resnet50"] = ResNetOptions.ResNet50,
        ["resnet101"] = ResNetOptions.ResNet101,
        ["resnet152"] = ResNetOptions.ResNet152,
        ["wide_resnet50_2"] = ResNetOptions.WideResNet50,
        ["wide_resnet101_2"] = ResNetOptions.WideResNet101,
        ["resnext50_32x4d"] = ResNetOptions.ResNeXt50,
        ["resnext101_32x8d"] = ResNetOptions.ResNeXt101,
        ["vgg11"] = VggOptions.Vgg11,
        ["vgg13"] = VggOptions.Vgg13,
        ["vgg16"] = VggOptions.Vgg16,
        ["vgg19"] = VggOptions.Vgg19,
        ["vgg11_bn"] = VggOptions.Vgg11 with { BatchNorm = true },
        ["vgg13_bn"] = VggOptions.Vgg13 with { BatchNorm = true },
        ["vgg16_bn"] = VggOptions.Vgg16 with { BatchNorm = true },
        ["vgg19_bn"] = VggOptions.Vgg19 with { BatchNorm = true },
        ["densenet121"] = DenseNetOptions.DenseNet121,
        ["densenet161"] = DenseNetOptions.DenseNet161,
        ["densenet169"] = DenseNetOptions.DenseNet169,
        ["densenet201"] = DenseNetOptions.DenseNet201,
        ["mobilenet_v2"] = new MobileNetV2Options(),
        ["mobilenet_v3_large"] = MobileNetV3Options.Large,
        ["mobilenet_v3_small"] = MobileNetV3Options.Small,

        // Cases of the fixtures with other options.
        ["resnet50-dilated"] = ResNetOptions.ResNet50 with { ReplaceStrideWithDilation = [false, true, true], NumClasses = 10 },
        ["resnet18-frozen"] = ResNetOptions.ResNet18 with { NormLayer = channels => new FrozenBatchNorm2d(channels), NumClasses = 10 },
        ["resnet18-odd"] = ResNetOptions.ResNet18 with { NumClasses = 10 },
        ["mobilenet_v2-wide"] = new MobileNetV2Options { WidthMultiplier = 1.4, NumClasses = 10 },
        ["mobilenet_v3_large-reduced"] = new MobileNetV3Options { ReducedTail = true, Dilated = true, WidthMultiplier = 0.75, NumClasses = 10 },
    };

    internal static BackboneOptions OptionsOf(string name) => Options[name];

    internal static Backbone Make(string name, Func<BackboneOptions, BackboneOptions>? change = null) => Make(change is null ? Options[name] : change(Options[name]));

    /// <summary>With ten classes and no dropout, as the fixtures train them.</summary>
    internal static Backbone MakeForTraining(string name) => Make(Options[name] switch
    {
        VggOptions vgg => vgg with { NumClasses = 10, Dropout = 0 },
        MobileNetV2Options mobile => mobile with { NumClasses = 10, Dropout = 0 },
        MobileNetV3Options mobile => mobile with { NumClasses = 10, Dropout = 0 },
        var others => others with { NumClasses = 10 },
    });

    private static Backbone Make(BackboneOptions options) => options switch
    {
        ResNetOptions resnet => new ResNet(resnet),
        VggOptions vgg => new Vgg(vgg),
        DenseNetOptions dense => new DenseNet(dense),
        MobileNetV2Options mobile => new MobileNetV2(mobile),
        MobileNetV3Options mobile => new MobileNetV3(mobile),
        _ => throw new ArgumentException($"No network has {options}.", nameof(options)),
    };
}
