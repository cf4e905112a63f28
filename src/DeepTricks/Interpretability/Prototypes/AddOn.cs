using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>Makes the layers between backbone and prototypes, their weights drawn as the authors draw them: He et al. by fan out, no bias.</summary>
internal static class AddOn
{
    internal static Sequential Make(AddOnLayers kind, long input, long output, Generator? generator)
    {
        var layers = kind switch
        {
            AddOnLayers.Regular => [Convolution(input, output), nn.ReLU(), Convolution(output, output), nn.Sigmoid()],
            AddOnLayers.Bottleneck => Bottleneck(input, output),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Expected a kind of add-on layers."),
        };
        foreach (var convolution in layers.OfType<Conv2d>()) Layers.KaimingNormal(convolution, nn.init.FanInOut.FanOut, generator);
        return nn.Sequential(layers);
    }

    private static List<nn.Module<Tensor, Tensor>> Bottleneck(long input, long output)
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        for (var channels = input; channels > output || layers.Count == 0; channels /= 2)
        {
            var next = Math.Max(output, channels / 2);
            layers.AddRange([Convolution(channels, next), nn.ReLU(), Convolution(next, next), next > output ? nn.ReLU() : nn.Sigmoid()]);
        }

        return layers;
    }

    private static Conv2d Convolution(long input, long output) => nn.Conv2d(input, output, 1);
}
