using DeepTricks.Backbones;
using DeepTricks.Detection;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>A Mask R-CNN small enough to be trained in a test; that of the fixtures' tiny.pth.</summary>
internal static class TinyModel
{
    internal static MaskRcnnOptions Options { get; } = new()
    {
        NumClasses = 5,
        Transform = TorchvisionModels.Small,
        Anchors = new([[16], [32], [64], [128]]),
        Regions = new() { DetectionsPerImage = 40 },
        BoxSize = 5,
        BoxWidth = 32,
        MaskSize = 6,
        MaskConvolutions = [12, 16],
        MaskWidth = 8,
    };

    internal static GeneralizedRcnn Make(MaskRcnnOptions? options = null) => MaskRcnn.On(Backbone(options?.Generator), options ?? Options);

    internal static PyramidBackbone Backbone(Generator? generator = null)
    {
        var layers = MobileNetV3.FeatureLayers(MobileNetV3Options.Small with { WidthMultiplier = 0.1, ReducedTail = true }, out _);
        // As torchvision, which leaves out what stands behind the last map.
        var body = nn.Sequential(layers[..9]);
        MobileNetTrunk.Initialise(body, generator);
        return new(body, ["1", "3", "8"], new() { Channels = 16, Generator = generator });
    }
}
