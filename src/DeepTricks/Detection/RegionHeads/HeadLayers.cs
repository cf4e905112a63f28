using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Layers of the heads.</summary>
internal static class HeadLayers
{
    /// <summary>A 3 × 3 convolution with what stands behind it, drawn by fan out; it has a bias where it has no normalisation.</summary>
    internal static ConvolutionNorm Convolution(long input, long output, Func<long, nn.Module<Tensor, Tensor>>? norm, long dilation, Generator? generator)
    {
        var convolution = nn.Conv2d(input, output, 3, padding: dilation, dilation: dilation, bias: norm is null);
        Layers.KaimingNormal(convolution, nn.init.FanInOut.FanOut, generator);
        return norm is null ? new(fold: false, convolution, nn.ReLU(inplace: true)) : new(fold: true, convolution, norm(output), nn.ReLU(inplace: true));
    }
}
