using DeepTricks.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// Light-Weight RefineNet on MobileNetV2 (Nekrasov, Shen and Reid, 2018) with the architecture and state-dict names of DrSleep/light-weight-refinenet. Maps of the same
/// resolution are added before they are refined, and the activation is ReLU6.
/// </summary>
public sealed class MobileRefineNet : RefinementNetwork
{
    private const int Layers = 8;

    /// <summary>Makes the network. The encoder's first weights are drawn as torchvision draws them, those of the decoder as PyTorch does.</summary>
    /// <param name="options">Encoder and classes; RF-LW-MBv2 for 21 classes where null.</param>
    public MobileRefineNet(MobileRefineNetOptions? options = null) : this(options ?? new(), nameof(MobileRefineNet))
    {
    }

    private MobileRefineNet(MobileRefineNetOptions options, string name) : this(options, name, new MobileNetV2Trunk(options.Backbone))
    {
    }

    private MobileRefineNet(MobileRefineNetOptions options, string name, MobileNetV2Trunk trunk)
        : base(name, new(trunk, images => trunk.Maps(images).Reverse()))
    {
        var backbone = options.Backbone;
        // Names and order of the original: conv8 to conv3, crp4 to crp1, conv_adapt4 to conv_adapt2.
        var adaptions = Enumerable.Range(0, Layers - 2).Select(i => Add($"conv{Layers - i}", Convolution(trunk.Channels[^(i + 1)]))).ToList();
        var poolings = Enumerable.Range(0, 4).Select(i => Add($"crp{4 - i}", Pooling(Width, 1, backbone))).ToList();
        var outputs = Enumerable.Range(0, 3).Select(i => Add($"conv_adapt{4 - i}", Convolution(Width))).ToList();
        var activation = nn.ReLU6(inplace: true);
        Add(new RefinementStage([[adaptions[0]], [adaptions[1]]], [activation, poolings[0], outputs[0]]));
        Add(new RefinementStage([[adaptions[2]], [adaptions[3]]], [activation, poolings[1], outputs[1]]));
        Add(new RefinementStage([[adaptions[4]]], [activation, poolings[2], outputs[2]]));
        Add(new RefinementStage([[adaptions[5]]], [activation, poolings[3]]));
        AddClassifier("segm", options.NumClasses, backbone);

        nn.Module<Tensor, Tensor> Convolution(long input) => RefinementLayers.Convolution(input, Width, 1, bias: false, backbone.Device, backbone.Generator);
    }
}
