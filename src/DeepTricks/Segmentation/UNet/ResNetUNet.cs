using DeepTricks.Backbones;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// A U-Net on a residual network, which can begin with ImageNet's weights, as <c>Unet</c> of segmentation_models.pytorch: nearest-neighbour enlarging, joined before the
/// encoder's map, normalised throughout; logits.
/// </summary>
/// <remarks>
/// Names: <c>encoder.conv1</c>, <c>encoder.layer1.0.conv1</c>, <c>decoder.blocks.0.conv1.0</c>, <c>segmentation_head.0</c>. <see cref="Encoder"/> loads checkpoints of
/// torchvision, but for their <c>fc</c>.
/// </remarks>
public sealed class ResNetUNet : nn.Module<Tensor, Tensor>
{
    private const int ImageDimensions = 4, Channels = 3;

    // In lists, so that they have the names alone under which they are registered.
    private readonly ResNet[] _encoder;
    private readonly DoubleConvolution[] _decoder;
    private readonly Conv2d[] _head;

    /// <summary>Makes the network with first weights drawn as the original draws them without pretraining.</summary>
    /// <param name="options">The architecture; ResNet-34 with one map where null.</param>
    public ResNetUNet(ResNetUNetOptions? options = null) : base(nameof(ResNetUNet))
    {
        options ??= new();
        var (device, generator) = (options.Encoder.Device, options.Encoder.Generator);
        _encoder = [new(options.Encoder with { NumClasses = 0 })];
        // The coarsest first; the last block has no map of the encoder.
        long[] encoded = [.. Enumerable.Range(0, 4).Select(options.Encoder.StageChannels).Reverse(), ResNet.StemChannels, 0];
        var inputs = options.DecoderChannels.Prepend(encoded[0]).ToArray();
        _decoder = [.. options.DecoderChannels.Select((channels, i) => new DoubleConvolution(inputs[i] + encoded[i + 1], channels, normalised: true, device, bias: false))];
        _head = [nn.Conv2d(inputs[^1], options.NumClasses, 3, padding: 1, device: device)];
        register_module("encoder", _encoder[0]);
        register_module("decoder", nn.Sequential(("blocks", nn.Sequential(_decoder))));
        register_module("segmentation_head", nn.Sequential(_head));

        // Kaiming's and Xavier's uniform distributions.
        foreach (var convolution in _decoder.SelectMany(block => block.modules()).OfType<Conv2d>())
            Layers.Uniform(convolution.weight, Math.Sqrt(6.0 * convolution.weight.size(0) / convolution.weight.numel()), generator);
        var kernel = _head[0].weight.size(2) * _head[0].weight.size(3);
        Layers.Uniform(_head[0].weight, Math.Sqrt(6.0 / (kernel * (inputs[^1] + options.NumClasses))), generator);
        nn.init.zeros_(_head[0].bias!);
    }

    /// <summary>The encoder, for torchvision's weights, freezing, or learning rates of its own.</summary>
    public ResNet Encoder => _encoder[0];

    /// <summary>Runs images through the network.</summary>
    /// <param name="input">Images, [N, 3, H, W], of any size, of the floating type and on the device of the weights.</param>
    /// <returns>Logits, [N, classes, H, W].</returns>
    /// <exception cref="ArgumentException">The input's shape, type or device is another.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.dim() != ImageDimensions || input.size(1) != Channels)
            throw new ArgumentException($"Expected images [N, {Channels}, H, W], and {input.ShapeText()} came.", nameof(input));
        var weight = _head[0].weight;
        if (input.dtype != weight.dtype || !input.SharesDeviceWith(weight))
            throw new ArgumentException($"Expected images of the weights' type and device, {weight.dtype} on {weight.device}; {input.dtype} on {input.device} came.", nameof(input));

        using var scope = NewDisposeScope();
        var maps = Encoder.Pyramid(input);
        var map = maps[^1];
        for (var i = 0; i < _decoder.Length; i++)
        {
            var skip = i < maps.Count - 1 ? maps[^(i + 2)] : null;
            using var large = nn.functional.interpolate(map, (skip ?? input).shape[2..], mode: InterpolationMode.Nearest);
            map.Dispose();
            using var joined = skip is null ? null : cat([large, skip], 1);
            map = _decoder[i].call(joined ?? large);
        }

        return _head[0].call(map).MoveToOuterDisposeScope();
    }
}
