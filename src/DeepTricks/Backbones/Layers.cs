using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>What the networks here do with their layers.</summary>
internal static class Layers
{
    /// <summary>
    /// Runs a tensor through layers one after the other. Each result is disposed of when the next one is there: without gradients its
    /// memory, still in the cache, is that of the result after.
    /// </summary>
    internal static Tensor Through(this Tensor input, params ReadOnlySpan<nn.Module<Tensor, Tensor>> layers)
    {
        var current = input;
        foreach (var layer in layers)
        {
            var next = layer.call(current);
            if (!ReferenceEquals(current, input) && !ReferenceEquals(current, next)) current.Dispose();
            current = next;
        }

        return current;
    }

    /// <summary>Pools what a trunk gives to one vector an image, [N, channels].</summary>
    internal static Tensor Pooled(Tensor features, Func<Tensor, Tensor> pool)
    {
        using var pooled = pool(features);
        features.Dispose();
        return pooled.flatten(1);
    }

    /// <summary>He et al. 2015, normal: the deviation √(2 / fan).</summary>
    internal static void KaimingNormal(Conv2d layer, nn.init.FanInOut mode, Generator? generator)
    {
        var (fanIn, fanOut) = nn.init.CalculateFanInAndFanOut(layer.weight);
        nn.init.normal_(layer.weight, 0, Math.Sqrt(2.0 / (mode == nn.init.FanInOut.FanIn ? fanIn : fanOut)), generator);
        if (layer.bias is { } bias) nn.init.zeros_(bias);
    }

    /// <summary>A normal distribution for the weight, zero for the bias.</summary>
    internal static void Normal(Linear layer, double deviation, Generator? generator)
    {
        nn.init.normal_(layer.weight, 0, deviation, generator);
        nn.init.zeros_(layer.bias!);
    }

    /// <summary>PyTorch's own beginning of a linear layer, ±1/√(fan in), by a generator of the caller's.</summary>
    internal static void Uniform(Linear layer, Generator generator)
    {
        var bound = 1 / Math.Sqrt(nn.init.CalculateFanInAndFanOut(layer.weight).Item1);
        nn.init.uniform_(layer.weight, -bound, bound, generator);
        nn.init.uniform_(layer.bias!, -bound, bound, generator);
    }
}
