using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Conv2d : Convolution
{
    internal Conv2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type, long[] dilation, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
        : base(nameof(Conv2d), in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, false, new long[2], groups, bias, padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input)
    {
        RequireChannels(input, 2);
        if (padding_mode != PaddingModes.Zeros)
        {
            using var padded = nn.functional.pad(input, SidesOfPadding, padding_mode);
            return nn.functional.conv2d(padded, weight, bias, stride, null, dilation, groups);
        }
        return padding_type is { } named
            ? nn.functional.conv2d_padding(input, weight, bias, stride, named, dilation, groups)
            : nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
    }
}
