using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The layers of connectors, which begin as PyTorch's do, drawn from the generator that is given.</summary>
internal static class ConnectorLayers
{
    public static Conv2d Convolution(long input, long output, long kernel, long padding = 0, bool bias = true, Generator? generator = null) =>
        Drawn(nn.Conv2d(input, output, kernel, padding: padding, bias: bias), generator);

    public static Conv2d Drawn(Conv2d layer, Generator? generator)
    {
        if (generator is not null)
        {
            Layers.Uniform(layer, generator);
        }

        return layer;
    }

    public static ConvTranspose2d Transposed(long input, long output, long kernel, long stride, long padding, Generator? generator)
    {
        var layer = nn.ConvTranspose2d(input, output, kernel, stride, padding);
        if (generator is not null)
        {
            var bound = 1 / Math.Sqrt((double)layer.weight.numel() / layer.weight.size(0));
            Layers.Uniform(layer.weight, bound, generator);
            Layers.Uniform(layer.bias!, bound, generator);
        }

        return layer;
    }
}
