using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What transposed convolutions have in common.</summary>
public abstract class ConvolutionTranspose : Convolution
{
    protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device? device = null, ScalarType? dtype = null)
        : base(name, in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, transposed, output_padding, groups, bias, padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input) => forward(input, null);

    /// <param name="input">The batch, or a single item.</param>
    /// <param name="output_size">Which of the sizes that a convolution would map to the input's the result has; it may come with the batch's and the channels'.</param>
    public abstract Tensor forward(Tensor input, long[]? output_size);

    /// <summary>What is added on one side so that the result has the size that is asked for.</summary>
    private protected long[] OutputPadding(Tensor input, long[]? asked)
    {
        if (asked is null) return output_padding;
        var dimensions = kernel_size.Length;
        var before = (int)input.ndim - dimensions;
        if (asked.Length == before + dimensions) asked = asked[before..];
        if (asked.Length != dimensions)
            throw new ArgumentException($"The size asked for has {asked.Length} elements, {dimensions} or {before + dimensions} are expected.", nameof(asked));
        var added = new long[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            var least = ((input.size(before + i) - 1) * stride[i]) - (2 * padding![i]) + (dilation[i] * (kernel_size[i] - 1)) + 1;
            added[i] = asked[i] - least;
            if (added[i] < 0 || added[i] >= stride[i])
                throw new ArgumentException($"The size asked for is {asked[i]} in dimension {i}; it may be {least} to {least + stride[i] - 1}.", nameof(asked));
        }
        return added;
    }
}
