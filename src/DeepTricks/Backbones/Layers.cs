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
    internal static Tensor Through(this Tensor input, params ReadOnlySpan<nn.Module<Tensor, Tensor>> layers) => input.Through(fold: false, layers);

    /// <inheritdoc cref="Through(Tensor, ReadOnlySpan{nn.Module{Tensor, Tensor}})"/>
    /// <param name="input">The tensor, which stays as it is.</param>
    /// <param name="fold">Whether a convolution and the normalisation behind it run as one, where that pays.</param>
    /// <param name="layers">The layers.</param>
    internal static Tensor Through(this Tensor input, bool fold, params ReadOnlySpan<nn.Module<Tensor, Tensor>> layers)
    {
        var current = input;
        for (var i = 0; i < layers.Length; i++)
        {
            var next = fold && layers[i] is Conv2d convolution && i + 1 < layers.Length && NormFolding.Pays(current, convolution, layers[i + 1])
                ? NormFolding.Run(current, convolution, layers[++i])
                : layers[i].call(current);
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
        var fan = layer.weight.numel() / layer.weight.size(mode == nn.init.FanInOut.FanIn ? 0 : 1);
        Normal(layer.weight, 0, Math.Sqrt(2.0 / fan), generator);
        if (layer.bias is { } bias) nn.init.zeros_(bias);
    }

    /// <summary>The same for a transposed convolution, by its fan out as torchvision counts it: the outputs' channels times the taps.</summary>
    internal static void KaimingNormal(ConvTranspose2d layer, Generator? generator)
    {
        // torchvision looks at the first two sizes alone, whose roles are exchanged here.
        Normal(layer.weight, 0, Math.Sqrt(2.0 * layer.weight.size(1) / layer.weight.numel()), generator);
        nn.init.zeros_(layer.bias!);
    }

    /// <summary>He et al. 2015, uniform, by fan in and without the gain of an activation: within ±√(3 / fan in).</summary>
    internal static void KaimingUniform(Conv2d layer, Generator? generator)
    {
        var bound = Math.Sqrt(3.0 * layer.weight.size(0) / layer.weight.numel());
        Uniform(layer.weight, bound, generator);
        if (layer.bias is { } bias) nn.init.zeros_(bias);
    }

    /// <summary>A normal distribution for the weight, zero for the bias.</summary>
    internal static void Normal(Linear layer, double deviation, Generator? generator)
    {
        Normal(layer.weight, 0, deviation, generator);
        nn.init.zeros_(layer.bias!);
    }

    /// <inheritdoc cref="Normal(Linear, double, Generator?)"/>
    internal static void Normal(Conv2d layer, double deviation, Generator? generator)
    {
        Normal(layer.weight, 0, deviation, generator);
        if (layer.bias is { } bias) nn.init.zeros_(bias);
    }

    /// <summary>PyTorch's own beginning of a linear layer: uniform within ±1/√(fan in).</summary>
    internal static void Uniform(Linear layer, Generator? generator)
    {
        var bound = 1 / Math.Sqrt(layer.weight.size(1));
        Uniform(layer.weight, bound, generator);
        Uniform(layer.bias!, bound, generator);
    }

    /// <summary>PyTorch's own beginning of a convolution: uniform within ±1/√(fan in).</summary>
    internal static void Uniform(Conv2d layer, Generator? generator)
    {
        var bound = 1 / Math.Sqrt((double)layer.weight.numel() / layer.weight.size(0));
        Uniform(layer.weight, bound, generator);
        if (layer.bias is { } bias) Uniform(bias, bound, generator);
    }

    /// <summary>A normal distribution.</summary>
    internal static void Normal(Tensor weight, double mean, double deviation, Generator? generator) =>
        Draw(weight, generator, drawn => drawn.normal_(mean, deviation, generator));

    /// <summary>A uniform distribution within ± the bound.</summary>
    internal static void Uniform(Tensor weight, double bound, Generator? generator) =>
        Draw(weight, generator, drawn => drawn.uniform_(-bound, bound, generator));

    // TorchSharp's nn.init does not pass a generator on, and its generators are all of the CPU.
    private static void Draw(Tensor weight, Generator? generator, Action<Tensor> draw)
    {
        using var ungraded = no_grad();
        if (generator is null)
        {
            draw(weight);
            return;
        }

        using var drawn = empty(weight.shape, dtype: ScalarType.Float32);
        draw(drawn);
        weight.copy_(drawn);
    }
}
