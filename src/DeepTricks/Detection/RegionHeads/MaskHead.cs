using DeepTricks.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Convolutions of 3 × 3 over the features of a region, torchvision's MaskRCNNHeads: <c>0.0</c>, with normalisation <c>0.1</c>, and so on.</summary>
public sealed class MaskHead : nn.Module<Tensor, Tensor>
{
    private readonly ConvolutionNorm[] _convolutions;

    /// <summary>Makes the head with first weights drawn as torchvision draws them.</summary>
    /// <param name="channels">The channels of a region's features.</param>
    /// <param name="convolutions">The channels of the convolutions, at least one; four times 256 in torchvision.</param>
    /// <param name="normLayer">Makes the normalisation behind each, which then has no bias; null for none, as in the first version.</param>
    /// <param name="dilation">How far the taps stand apart; 1 by default.</param>
    /// <param name="generator">Draws the weights; a generator of the CPU, or null for libtorch's own.</param>
    /// <exception cref="ArgumentException">A number is below 1, or there is no convolution.</exception>
    public MaskHead(
        long channels, IReadOnlyList<long> convolutions, Func<long, nn.Module<Tensor, Tensor>>? normLayer = null, int dilation = 1, Generator? generator = null) : base(nameof(MaskHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        OptionChecks.Widths(convolutions, nameof(convolutions));
        if (convolutions.Count == 0) throw new ArgumentException("Expected at least one convolution.", nameof(convolutions));
        _convolutions = [.. convolutions.Select((output, i) => HeadLayers.Convolution(i == 0 ? channels : convolutions[i - 1], output, normLayer, dilation, generator))];
        for (var i = 0; i < _convolutions.Length; i++) register_module($"{i}", _convolutions[i]);
    }

    /// <summary>Runs the convolutions.</summary>
    /// <param name="input">[K, C, rows, columns].</param>
    /// <returns>[K, channels, rows, columns].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return input.Through(_convolutions).MoveToOuterDisposeScope();
    }
}
