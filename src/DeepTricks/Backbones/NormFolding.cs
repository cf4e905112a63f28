using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>
/// A convolution and the normalisation behind it as one convolution, where the statistics are fixed: the weights are scaled instead of the result, which saves
/// a pass over the result and, where gradients are wanted, its memory. Nothing is kept between calls, and gradients reach every parameter.
/// </summary>
internal static class NormFolding
{
    /// <summary>Whether it is worthwhile: scaling the weights must not cost more than normalising what they give.</summary>
    internal static bool Pays(Tensor input, Conv2d convolution, nn.Module norm)
    {
        if (norm is not (FrozenBatchNorm2d or BatchNorm2d { training: false, track_running_stats: true, affine: true })) return false;
        var stride = convolution.stride;
        return convolution.weight.numel() * stride[0] * stride[1] <= input.size(0) * convolution.out_channels * input.size(2) * input.size(3);
    }

    internal static Tensor Run(Tensor input, Conv2d convolution, nn.Module norm)
    {
        using var scope = NewDisposeScope();
        var (scale, shift) = norm switch
        {
            FrozenBatchNorm2d frozen => frozen.ScaleAndShift(),
            BatchNorm2d batch => ScaleAndShift(batch.weight, batch.bias!, batch.running_mean!, batch.running_var!, batch.eps),
            _ => throw new ArgumentException("Expected a normalisation.", nameof(norm)),
        };
        if (convolution.bias is { } bias) shift += bias * scale;
        var weight = convolution.weight * scale.view(-1, 1, 1, 1);
        return nn.functional.conv2d(input, weight, shift, convolution.stride, convolution.padding, convolution.dilation, convolution.groups)
            .MoveToOuterDisposeScope();
    }

    internal static (Tensor Scale, Tensor Shift) ScaleAndShift(Tensor weight, Tensor bias, Tensor mean, Tensor variance, double epsilon)
    {
        var scale = weight * (variance + epsilon).rsqrt();
        return (scale, bias - mean * scale);
    }
}
