using DeepTricks.Backbones;
using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>The networks, images and mappers that tests of maps share.</summary>
internal static class MapGivens
{
    internal static IReadOnlyList<string> Methods { get; } = ["Cam", "GradCam", "GradCamPlusPlus", "LayerCam", "ScoreCam"];

    internal static EvidenceMapper Mapper(string method, nn.Module<Tensor, Tensor> model, IReadOnlyList<string> layers, string head = "fc") => method switch
    {
        "Cam" => new ClassActivationMapping(model, layers.Single(), head),
        "GradCam" => new GradCam(model, layers),
        "GradCamPlusPlus" => new GradCamPlusPlus(model, layers),
        "LayerCam" => new LayerCam(model, layers),
        _ => new ScoreCam(model, layers),
    };

    /// <summary>Formula weights, and a head so large that gradients are of an ordinary size.</summary>
    internal static nn.Module<Tensor, Tensor> Network(string architecture)
    {
        nn.Module<Tensor, Tensor> model = architecture == "resnet18"
            ? new ResNet(ResNetOptions.ResNet18 with { NumClasses = 10 })
            : new Vgg(VggOptions.Vgg11 with { BatchNorm = true, NumClasses = 10 });
        Golden.Fill(model).eval();
        using var _ = no_grad();
        model.get_parameter(architecture == "resnet18" ? "fc.weight" : "classifier.6.weight")!.mul_(200);
        return model;
    }

    /// <summary>Smooth images [count, 3, height, width].</summary>
    internal static Tensor Images(params long[] size)
    {
        using var scope = NewDisposeScope();
        return nn.functional.interpolate(Golden.Tensor("images", [size[0], 3, 6, 8]), [size[1], size[2]], mode: InterpolationMode.Bilinear, align_corners: false)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Convolution, normalisation, ReLU in place, mean, head: small enough to be known.</summary>
    internal static nn.Module<Tensor, Tensor> Small(bool normalised = true)
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)> { ("conv", nn.Conv2d(3, 6, 3, padding: 1)) };
        if (normalised) layers.Add(("norm", nn.BatchNorm2d(6)));
        layers.AddRange([("relu", nn.ReLU(inplace: true)), ("pool", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten()), ("fc", nn.Linear(6, 4))]);
        return Golden.Fill(nn.Sequential(layers));
    }
}
