using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>A row of the tables of MobileNetV3.</summary>
/// <param name="Input">Channels that come.</param>
/// <param name="Kernel">The size of the depthwise convolution.</param>
/// <param name="Expanded">Channels of the depthwise convolution.</param>
/// <param name="Output">Channels that go.</param>
/// <param name="Squeeze">Whether channels are weighted by squeeze and excitation.</param>
/// <param name="Hard">Whether the activation is hard-swish, or ReLU.</param>
/// <param name="Stride">The stride of the depthwise convolution.</param>
internal sealed record MobileNetV3Block(long Input, long Kernel, long Expanded, long Output, bool Squeeze, bool Hard, long Stride)
{
    private const long Divisor = 8, SqueezeFactor = 4;

    private static readonly MobileNetV3Block[] Large =
    [
        new(16, 3, 16, 16, false, false, 1), new(16, 3, 64, 24, false, false, 2), new(24, 3, 72, 24, false, false, 1),
        new(24, 5, 72, 40, true, false, 2), new(40, 5, 120, 40, true, false, 1), new(40, 5, 120, 40, true, false, 1),
        new(40, 3, 240, 80, false, true, 2), new(80, 3, 200, 80, false, true, 1), new(80, 3, 184, 80, false, true, 1), new(80, 3, 184, 80, false, true, 1),
        new(80, 3, 480, 112, true, true, 1), new(112, 3, 672, 112, true, true, 1),
        new(112, 5, 672, 160, true, true, 2), new(160, 5, 960, 160, true, true, 1), new(160, 5, 960, 160, true, true, 1),
    ];

    private static readonly MobileNetV3Block[] Small =
    [
        new(16, 3, 16, 16, true, false, 2), new(16, 3, 72, 24, false, false, 2), new(24, 3, 88, 24, false, false, 1),
        new(24, 5, 96, 40, true, true, 2), new(40, 5, 240, 40, true, true, 1), new(40, 5, 240, 40, true, true, 1),
        new(40, 5, 120, 48, true, true, 1), new(48, 5, 144, 48, true, true, 1),
        new(48, 5, 288, 96, true, true, 2), new(96, 5, 576, 96, true, true, 1), new(96, 5, 576, 96, true, true, 1),
    ];

    /// <summary>How far the taps of the depthwise convolution stand apart.</summary>
    internal long Dilation { get; private init; } = 1;

    /// <summary>Whether a stage starts here.</summary>
    internal bool Strided => Stride > 1;

    /// <summary>The blocks of a network as its options say; the tail is the last three.</summary>
    internal static IReadOnlyList<MobileNetV3Block> Table(MobileNetV3Options options)
    {
        const int tail = 3;
        var table = options.IsSmall ? Small : Large;
        return [.. table.Select((block, i) => i < table.Length - tail ? block : block.InTail(options, first: i == table.Length - tail)).Select(block => block.Widened(options))];
    }

    internal InvertedResidual Make(LayerFactory layers)
    {
        var inner = new List<nn.Module<Tensor, Tensor>>();
        if (Expanded != Input) inner.Add(layers.ConvolutionNorm(Activation(), Input, Expanded, 1));
        inner.Add(layers.ConvolutionNorm(Activation(), Expanded, Expanded, Kernel, Dilation > 1 ? 1 : Stride, Dilation, groups: Expanded));
        if (Squeeze) inner.Add(new SqueezeExcitation(layers, Expanded, Channels.Divisible(Expanded / SqueezeFactor, Divisor)));
        inner.Add(layers.ConvolutionNorm(activation: null, Expanded, Output, 1));
        return new("block", nn.Sequential(inner), residual: Stride == 1 && Input == Output, Strided);
    }

    private nn.Module<Tensor, Tensor> Activation() => Hard ? nn.Hardswish(inplace: true) : nn.ReLU(inplace: true);

    private MobileNetV3Block InTail(MobileNetV3Options options, bool first)
    {
        var divisor = options.ReducedTail ? 2 : 1;
        return this with
        {
            Input = first ? Input : Input / divisor,
            Expanded = first ? Expanded : Expanded / divisor,
            Output = Output / divisor,
            Dilation = options.Dilated ? 2 : 1,
        };
    }

    private MobileNetV3Block Widened(MobileNetV3Options options) => this with
    {
        Input = Channels.Divisible(Input * options.WidthMultiplier, Divisor),
        Expanded = Channels.Divisible(Expanded * options.WidthMultiplier, Divisor),
        Output = Channels.Divisible(Output * options.WidthMultiplier, Divisor),
    };
}
