using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>What tests/fixtures/interpretability/make_prototypes.py ran the authors' code on.</summary>
internal static class PrototypeFixture
{
    internal const int Classes = 4, PerClass = 3, Channels = 16;

    internal static GoldenFile File { get; } = GoldenFile.Read("interpretability/prototypes.json");

    internal static ProtoPNetOptions Options => new() { NumClasses = Classes, PrototypesPerClass = PerClass, PrototypeChannels = Channels };

    /// <summary>One convolution in the place of a backbone.</summary>
    internal static nn.Module<Tensor, Tensor> Features() => nn.Sequential(("conv", nn.Conv2d(3, 8, 3, stride: 2, padding: 1)), ("relu", nn.ReLU()));

    internal static ProtoPNet Network(ProtoPNetOptions? options = null)
    {
        using var ungraded = no_grad();
        var model = Fill(new(Features(), 8, options ?? Options));
        // Else the formula's features are so alike that rounding tells the distances apart.
        model.get_parameter("add_on_layers.0.weight")!.mul_(4);
        model.get_parameter("add_on_layers.2.weight")!.mul_(4);
        return model;
    }

    /// <summary>The formula's weights, prototypes in [0, 1) and ones; in evaluation mode.</summary>
    internal static ProtoPNet Fill(ProtoPNet model)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        Golden.Fill(model);
        model.Prototypes.copy_(Golden.Tensor("prototypes", model.Prototypes.shape, scale: 0.5, shift: 0.5));
        model.get_parameter("ones")!.fill_(1);
        model.eval();
        return model;
    }

    internal static ProtoPNetOptions OptionsOf(GoldenCase one)
    {
        var patch = one.Integers("patch");
        return Options with
        {
            PrototypeHeight = (int)patch[0],
            PrototypeWidth = (int)patch[1],
            Similarity = one.Has("activation") && one.Text("activation") == "linear" ? PrototypeSimilarity.Linear : PrototypeSimilarity.Log,
            AddOnLayers = one.Has("add_on") && one.Text("add_on") == "bottleneck" ? AddOnLayers.Bottleneck : AddOnLayers.Regular,
        };
    }
}
