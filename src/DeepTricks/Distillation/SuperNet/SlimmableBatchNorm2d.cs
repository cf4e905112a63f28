using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Batch normalisation with weights and statistics for each width, since features of another width have other ones (the switchable normalisation of Yu et al.,
/// "Slimmable Neural Networks", 2019).
/// State-dict names: "bn.0.weight" and so on, in the order of the widths.
/// </summary>
public sealed class SlimmableBatchNorm2d : nn.Module<Tensor, Tensor>, ISlimmable
{
    private readonly WidthChoice _width;
    [ComponentName(Name = "bn")]
    private readonly ModuleList<BatchNorm2d> _bn;

    /// <summary>Makes the layer.</summary>
    /// <param name="width">How many channels.</param>
    public SlimmableBatchNorm2d(WidthChoice width)
        : base(nameof(SlimmableBatchNorm2d))
    {
        ArgumentNullException.ThrowIfNull(width);
        _width = width;
        _bn = new([.. width.Options.Select(channels => nn.BatchNorm2d(channels))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public IEnumerable<WidthChoice> Choices => [_width];

    /// <inheritdoc/>
    public long ActiveParameters => 2 * _width.Channels;

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor> Extract()
    {
        var own = _bn[_width.Index];
        var layer = nn.BatchNorm2d(_width.Channels).to(own.weight.dtype).to(own.weight.device);
        using var ungraded = no_grad();
        var entries = own.state_dict();
        foreach (var (name, entry) in layer.state_dict())
        {
            entry.copy_(entries[name]);
        }

        return layer;
    }

    /// <summary>Normalises with the weights and statistics of the width of the moment.</summary>
    /// <param name="input">[N, channels of the moment, H, W].</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ArgumentException">There are other channels than the choice says.</exception>
    public override Tensor forward(Tensor input)
    {
        SlimmableWidth.Check(input, 1, _width);
        return _bn[_width.Index].call(input);
    }
}
