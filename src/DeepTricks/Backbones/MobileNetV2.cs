using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>
/// MobileNetV2 with torchvision's names: <c>features.0</c> to <c>features.18</c> and <c>classifier.1</c>. The stages are the stem, one from each stride on, the
/// last convolution and the classifier.
/// </summary>
public sealed class MobileNetV2 : Backbone
{
    /// <summary>The channels of the first convolution.</summary>
    internal const long Stem = 32;

    private const long Last = 1280;

    /// <summary>Expansion, channels, blocks and stride: table 2 of the paper.</summary>
    internal static readonly (long Expansion, long Channels, int Blocks, long Stride)[] Table =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    [ComponentName(Name = "features")] private readonly Sequential _features;
    [ComponentName(Name = "classifier")] private readonly Sequential _classifier;

    // Torchvision has a function here, and no module: out of the fields, so that it gets no name.
    private readonly Func<Tensor, Tensor> _pool = nn.AdaptiveAvgPool2d(1).call;

    /// <summary>Makes the network with first weights drawn as torchvision draws them.</summary>
    /// <param name="options">Width, classes and so on; the defaults where null.</param>
    /// <exception cref="ArgumentException">There are no classes.</exception>
    public MobileNetV2(MobileNetV2Options? options = null) : base(nameof(MobileNetV2))
    {
        options = WithHead(options);
        var layers = new LayerFactory(options);
        var input = Channels.Divisible(Stem * options.WidthMultiplier, options.RoundNearest);
        var last = Channels.Divisible(Last * Math.Max(1, options.WidthMultiplier), options.RoundNearest);
        var features = new List<nn.Module<Tensor, Tensor>> { layers.ConvolutionNorm(nn.ReLU6(inplace: true), 3, input, 3, 2) };
        foreach (var (expansion, channels, blocks, stride) in Table)
        {
            var output = Channels.Divisible(channels * options.WidthMultiplier, options.RoundNearest);
            for (var i = 0; i < blocks; i++)
            {
                features.Add(Block(layers, input, output, i == 0 ? stride : 1, expansion));
                input = output;
            }
        }

        features.Add(layers.ConvolutionNorm(nn.ReLU6(inplace: true), input, last, 1));
        _features = nn.Sequential(features);
        _classifier = nn.Sequential(nn.Dropout(options.Dropout), layers.Linear(last, options.NumClasses));
        RegisterComponents();
        Stages = MobileNetTrunk.Stages(features, _classifier);
        MobileNetTrunk.Initialise(this, options.Generator);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<BackboneStage> Stages { get; }

    private protected override Tensor Run(Tensor images) => _classifier.call(Layers.Pooled(_features.call(images), _pool));

    private static InvertedResidual Block(LayerFactory layers, long input, long output, long stride, long expansion)
    {
        var hidden = input * expansion;
        var inner = new List<nn.Module<Tensor, Tensor>>();
        if (expansion != 1) inner.Add(layers.ConvolutionNorm(nn.ReLU6(inplace: true), input, hidden, 1));
        inner.AddRange(
        [
            layers.ConvolutionNorm(nn.ReLU6(inplace: true), hidden, hidden, 3, stride, groups: hidden),
            layers.Convolution(hidden, output, 1),
            layers.Norm(output),
        ]);
        return new("conv", nn.Sequential(inner), residual: stride == 1 && input == output, strided: stride > 1);
    }
}
