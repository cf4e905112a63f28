using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// A convolution without bias whose weight is large and whose maps are small. libtorch copies the weight of a convolution into another order for each call: as much
/// memory again as all the rest of the network needs. Without gradients the channels of the output are computed in parts, and so is the copy.
/// </summary>
internal sealed class WideConvolution : nn.Module<Tensor, Tensor>
{
    // Numbers of a weight: as many as the next smaller convolutions have, so that all take turns in the same memory.
    private const long LargestPart = 512 * 512 * 9;

    // What libtorch's convolutions compute at once.
    private const long Vector = 16;

    // Not readonly: a move to another device or type exchanges it.
#pragma warning disable IDE0044
    [ComponentName(Name = "weight")]
    private Parameter _weight;
#pragma warning restore IDE0044

    private WideConvolution(Conv2d like) : base(nameof(WideConvolution))
    {
        _weight = like.weight;
        RegisterComponents();
    }

    /// <summary>The convolution itself, or this in its place where its weight is large.</summary>
    /// <param name="convolution">A convolution without bias that keeps the size.</param>
    internal static nn.Module<Tensor, Tensor> For(Conv2d convolution) => convolution.weight.numel() > LargestPart ? new WideConvolution(convolution) : convolution;

    public override Tensor forward(Tensor input)
    {
        var (outputs, padding) = (_weight.size(0), _weight.size(2) / 2);
        if (is_grad_enabled() || input.device_type != DeviceType.CPU) return nn.functional.conv2d(input, _weight, padding: [padding, padding]);
        using var scope = NewDisposeScope();
        var step = Math.Max(LargestPart * outputs / _weight.numel() / Vector, 1) * Vector;
        var parts = new List<Tensor>();
        for (var from = 0L; from < outputs; from += step)
            parts.Add(nn.functional.conv2d(input, _weight.narrow(0, from, Math.Min(step, outputs - from)), padding: [padding, padding]));
        return cat(parts, 1).MoveToOuterDisposeScope();
    }
}
