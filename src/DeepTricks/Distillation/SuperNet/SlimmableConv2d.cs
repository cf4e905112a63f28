using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// A convolution that uses the first channels of its weights (Yu et al., "Slimmable Neural Networks", 2019), without a bias: a <see cref="SlimmableBatchNorm2d"/>
/// comes behind. State-dict name: "weight".
/// </summary>
public sealed class SlimmableConv2d : nn.Module<Tensor, Tensor>, ISlimmable
{
    private readonly WidthChoice _input;
    private readonly WidthChoice _output;
    private readonly long _stride;
    private readonly long _padding;
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    /// <summary>Makes the layer.</summary>
    /// <param name="input">How many channels come.</param>
    /// <param name="output">How many channels go.</param>
    /// <param name="kernelSize">The side of the kernel.</param>
    /// <param name="stride">The stride.</param>
    /// <param name="generator">Draws the first weights (He et al., by fan out); null for libtorch's own.</param>
    /// <remarks>The padding is half the kernel: an odd one keeps the size.</remarks>
    public SlimmableConv2d(WidthChoice input, WidthChoice output, long kernelSize = 3, long stride = 1, Generator? generator = null)
        : base(nameof(SlimmableConv2d))
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernelSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        (_input, _output, _stride, _padding) = (input, output, stride, kernelSize / 2);
        _weight = new(empty(output.Largest, input.Largest, kernelSize, kernelSize));
        Layers.Normal(_weight, 0, Math.Sqrt(2.0 / (output.Largest * kernelSize * kernelSize)), generator);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public IEnumerable<WidthChoice> Choices => [_input, _output];

    /// <inheritdoc/>
    public long ActiveParameters => _input.Channels * _output.Channels * _weight.size(2) * _weight.size(3);

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor> Extract()
    {
        var layer = nn.Conv2d(_input.Channels, _output.Channels, _weight.size(2), stride: _stride, padding: _padding, bias: false).to(_weight.dtype).to(_weight.device);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        layer.weight.copy_(ActiveWeight());
        return layer;
    }

    /// <summary>Runs the layer at its width.</summary>
    /// <param name="input">[N, channels of the moment, H, W].</param>
    /// <returns>[N, channels of the moment, H', W'].</returns>
    /// <exception cref="ArgumentException">There are other channels than the choice says.</exception>
    public override Tensor forward(Tensor input)
    {
        SlimmableWidth.Check(input, 1, _input);
        using var scope = NewDisposeScope();
        return nn.functional.conv2d(input, ActiveWeight(), strides: [_stride, _stride], padding: [_padding, _padding]).MoveToOuterDisposeScope();
    }

    private Tensor ActiveWeight() => _weight.narrow(0, 0, _output.Channels).narrow(1, 0, _input.Channels);
}
