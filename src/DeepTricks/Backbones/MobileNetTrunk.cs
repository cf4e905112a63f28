using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>What the two MobileNets have in common: stages that start at strides, and first weights.</summary>
internal static class MobileNetTrunk
{
    private const double LinearDeviation = 0.01;

    /// <summary>The stem, a stage from each stride on, the last convolution, and the classifier.</summary>
    internal static IReadOnlyList<BackboneStage> Stages(IReadOnlyList<nn.Module<Tensor, Tensor>> layers, nn.Module classifier) => [.. Stages(layers), new("classifier", [classifier])];

    /// <summary>The same without a classifier.</summary>
    internal static IReadOnlyList<BackboneStage> Stages(IReadOnlyList<nn.Module<Tensor, Tensor>> layers)
    {
        var stages = new List<List<nn.Module>>();
        for (var i = 0; i < layers.Count; i++)
        {
            if (i == 0 || i == layers.Count - 1 || layers[i] is InvertedResidual { Strided: true }) stages.Add([]);
            stages[^1].Add(layers[i]);
        }

        return [.. stages.Select((stage, i) => new BackboneStage(i == 0 ? "stem" : i == stages.Count - 1 ? "last" : $"stage{i}", stage))];
    }

    internal static void Initialise(nn.Module model, Generator? generator)
    {
        foreach (var module in model.modules())
        {
            if (module is Conv2d convolution) Layers.KaimingNormal(convolution, nn.init.FanInOut.FanOut, generator);
            else if (module is Linear linear) Layers.Normal(linear, LinearDeviation, generator);
        }
    }
}
