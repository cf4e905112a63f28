using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>Builds the four stages of a residual network one after the other.</summary>
internal sealed class ResNetStages(ResNetOptions options, LayerFactory layers, long channels)
{
    internal const long FirstPlanes = 64;
    private int _stage;
    private long _dilation = 1;

    /// <summary>The channels of the last stage built.</summary>
    internal long Channels { get; private set; } = channels;

    internal Sequential Next(long stride, bool dilate)
    {
        var planes = FirstPlanes << _stage;
        var output = options.StageChannels(_stage);
        // The first block still has the dilation of the stage before, as in torchvision.
        var dilation = _dilation;
        if (dilate) (_dilation, stride) = (_dilation * stride, 1);

        var downsample = stride != 1 || Channels != output ? layers.ConvolutionNorm(activation: null, Channels, output, 1, stride) : null;
        var blocks = new List<nn.Module<Tensor, Tensor>> { Block(Channels, planes, stride, dilation, downsample) };
        for (var i = 1; i < options.Blocks[_stage]; i++) blocks.Add(Block(output, planes, stride: 1, _dilation, downsample: null));
        _stage++;
        Channels = output;
        return nn.Sequential(blocks);
    }

    private ResidualBlock Block(long input, long planes, long stride, long dilation, ConvolutionNorm? downsample)
    {
        var width = planes * options.WidthPerGroup / FirstPlanes * options.Groups;
        return options.Bottleneck
            ? new Bottleneck(layers, input, planes, new(width, options.Groups, stride, dilation), downsample)
            : new BasicBlock(layers, input, planes, stride, downsample);
    }
}
