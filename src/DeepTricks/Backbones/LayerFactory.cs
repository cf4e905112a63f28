using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>Makes the layers of a backbone as its options say.</summary>
internal sealed class LayerFactory(BackboneOptions options, double epsilon = 1e-5, double momentum = 0.1)
{
    /// <summary>Whether convolutions and fixed normalisations run as one.</summary>
    internal bool Fold => options.FoldNorms;

    /// <summary>A square convolution that keeps the size but for its stride.</summary>
    internal Conv2d Convolution(long input, long output, long kernel, long stride = 1, long dilation = 1, long groups = 1, bool bias = false) =>
        nn.Conv2d(input, output, kernel, stride, (kernel - 1) / 2 * dilation, dilation, groups: groups, bias: bias, device: options.Device);

    internal nn.Module<Tensor, Tensor> Norm(long channels)
    {
        if (options.NormLayer is not { } make) return nn.BatchNorm2d(channels, epsilon, momentum, device: options.Device);
        var norm = make(channels) ?? throw new ArgumentException("The norm layer is null.", nameof(options));
        return options.Device is { } device ? norm.to(device) : norm;
    }

    /// <summary>A linear layer whose values are still to be drawn: those of VGG's are too many to be drawn twice.</summary>
    internal Linear Linear(long input, long output) =>
        nn.Linear(new Parameter(empty(output, input, device: options.Device)), new Parameter(empty(output, device: options.Device)));

    /// <summary>Convolution, normalisation and activation under the names 0, 1 and 2.</summary>
    internal ConvolutionNorm ConvolutionNorm(nn.Module<Tensor, Tensor>? activation, long input, long output, long kernel,
        long stride = 1, long dilation = 1, long groups = 1)
    {
        var convolution = Convolution(input, output, kernel, stride, dilation, groups);
        return activation is null ? new(Fold, convolution, Norm(output)) : new(Fold, convolution, Norm(output), activation);
    }
}
