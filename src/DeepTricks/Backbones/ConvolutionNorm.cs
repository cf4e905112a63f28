using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>Convolution, normalisation and activation, or the first of them, under the names 0, 1 and 2.</summary>
internal sealed class ConvolutionNorm : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>[] _layers;
    private readonly bool _fold;

    internal ConvolutionNorm(bool fold, params nn.Module<Tensor, Tensor>[] layers) : base(nameof(ConvolutionNorm))
    {
        (_layers, _fold) = (layers, fold);
        for (var i = 0; i < layers.Length; i++) register_module($"{i}", layers[i]);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return input.Through(_fold, _layers).MoveToOuterDisposeScope();
    }
}
