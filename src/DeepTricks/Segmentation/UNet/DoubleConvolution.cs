using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>Two convolutions of 3 x 3 with ReLU, normalised or not: <c>conv1.0</c>, <c>conv1.1</c>, <c>conv2.0</c> and so on, or flat <c>conv1</c>, <c>bn1</c>, <c>conv2</c>, <c>bn2</c>.</summary>
internal sealed class DoubleConvolution : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>[][] _halves;

    internal DoubleConvolution(long input, long output, bool normalised, Device? device, bool flat = false, bool bias = true) : base(nameof(DoubleConvolution))
    {
        _halves = [Half(input), Half(output)];
        for (var i = 0; i < _halves.Length; i++)
        {
            register_module($"conv{i + 1}", flat ? _halves[i][0] : nn.Sequential(_halves[i]));
            if (flat && normalised) register_module($"bn{i + 1}", _halves[i][1]);
        }

        nn.Module<Tensor, Tensor>[] Half(long channels)
        {
            var convolution = nn.Conv2d(channels, output, 3, padding: 1, bias: bias, device: device);
            var relu = nn.ReLU(inplace: true);
            return normalised ? [convolution, nn.BatchNorm2d(output, device: device), relu] : [convolution, relu];
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        using var middle = input.Through(_halves[0]);
        return middle.Through(_halves[1]).MoveToOuterDisposeScope();
    }
}
