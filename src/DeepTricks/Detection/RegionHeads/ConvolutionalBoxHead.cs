using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Convolutions of 3 × 3 and a linear layer over the features of a region, torchvision's FastRCNNConvFCHead: <c>0.0</c> and <c>0.1</c> for the first convolution and its
/// normalisation, and so on, <c>5</c> for the linear layer behind four.
/// </summary>
public sealed class ConvolutionalBoxHead : nn.Module<Tensor, Tensor>
{
    private readonly ConvolutionNorm[] _convolutions;
    private readonly Func<Tensor, Tensor> _linear;

    /// <summary>Makes the head with first weights drawn as torchvision draws them.</summary>
    /// <param name="channels">The channels of a region's features.</param>
    /// <param name="cells">Their rows times columns.</param>
    /// <param name="convolutions">The channels of the convolutions; four times 256 in torchvision's second versions.</param>
    /// <param name="width">The outputs of the linear layer; 1024 in torchvision.</param>
    /// <param name="generator">Draws the weights; a generator of the CPU, or null for libtorch's own.</param>
    /// <exception cref="ArgumentException">A number is below 1.</exception>
    public ConvolutionalBoxHead(long channels, long cells, IReadOnlyList<long> convolutions, long width, Generator? generator = null) : base(nameof(ConvolutionalBoxHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        OptionChecks.Widths(convolutions, nameof(convolutions));
        _convolutions = [.. convolutions.Select((output, i) => HeadLayers.Convolution(i == 0 ? channels : convolutions[i - 1], output, norm => nn.BatchNorm2d(norm), 1, generator))];
        for (var i = 0; i < _convolutions.Length; i++) register_module($"{i}", _convolutions[i]);
        var linear = nn.Linear((_convolutions.Length == 0 ? channels : convolutions[^1]) * cells, width);
        if (generator is not null) Layers.Uniform(linear, generator);
        // Behind the flattening, which has a number of its own in torchvision.
        register_module($"{_convolutions.Length + 1}", linear);
        _linear = linear.call;
    }

    /// <summary>Runs the layers, each with a ReLU.</summary>
    /// <param name="input">[K, C, rows, columns].</param>
    /// <returns>[K, width].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = input.Through(_convolutions);
        return _linear(features.flatten(1)).relu_().MoveToOuterDisposeScope();
    }
}
