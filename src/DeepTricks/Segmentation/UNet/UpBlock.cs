using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>A map of the level below, enlarged by a transposed convolution (<c>up</c>), joined with maps of this level and convolved twice (<c>conv</c>).</summary>
internal sealed class UpBlock : nn.Module<Tensor, Tensor[], Tensor>
{
    [ComponentName(Name = "conv")] private readonly DoubleConvolution _convolution;
    [ComponentName(Name = "up")] private readonly ConvTranspose2d _up;

    /// <param name="input">The channels of the level below.</param>
    /// <param name="output">The channels of this level.</param>
    /// <param name="skips">How many maps of this level are joined.</param>
    /// <param name="device">Where the weights are.</param>
    internal UpBlock(long input, long output, int skips, Device? device) : base(nameof(UpBlock))
    {
        _convolution = new(output * (skips + 1), output, normalised: false, device);
        _up = nn.ConvTranspose2d(input, output, 4, 2, 1, device: device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor below, Tensor[] skips)
    {
        using var scope = NewDisposeScope();
        // A level of odd size was pooled to half of one pixel less: the transposed convolution is told which of the two sizes is meant.
        using var up = _up.forward(below, skips[0].shape[2..]);
        using var joined = cat([up, .. skips], 1);
        return _convolution.call(joined).MoveToOuterDisposeScope();
    }
}
