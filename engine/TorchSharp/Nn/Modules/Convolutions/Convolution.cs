using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What convolutions have in common.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device? device = null, ScalarType? dtype = null) : base(name)
    {
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException($"A transposed convolution pads with zeros, not by {padding_mode}.", nameof(padding_mode));
        (this.in_channels, this.out_channels, this.kernel_size, this.stride, this.dilation) = (in_channels, out_channels, kernel_size, stride, dilation);
        (this.transposed, this.output_padding, this.groups, this.padding_mode) = (transposed, output_padding, groups, padding_mode);
        if (padding_type is { } named) SetPadding(named);
        else SetPadding(padding ?? new long[kernel_size.Length]);
        long[] channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
        weight = Components.Empty(device, dtype, [.. channels, .. kernel_size]);
        if (bias) this.bias = Components.Empty(device, dtype, out_channels);
        reset_parameters();
    }

    public long in_channels { get; }
    public long out_channels { get; }
    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[]? padding { get; private set; }
    public Padding? padding_type { get; private set; }
    public long[] dilation { get; set; }
    public bool transposed { get; }
    public long[] output_padding { get; set; }
    public long groups { get; set; }
    public PaddingModes padding_mode { get; set; }

    public Parameter weight
    {
        get => _weight!;
        set
        {
            if (Components.Exchange(ref _weight, value)) ConditionallyRegisterParameter(nameof(weight), value);
        }
    }

    public Parameter? bias
    {
        get => _bias;
        set
        {
            if (Components.Exchange(ref _bias, value)) ConditionallyRegisterParameter(nameof(bias), value);
        }
    }

    /// <summary>The padding as <see cref="nn.functional"/>'s pad takes it: both sides of each dimension, the last first.</summary>
    private protected long[] SidesOfPadding { get; private set; } = [];

    public void reset_parameters() => nn.init.Layer(_weight!, _bias);

    public void SetPadding(long[] padding)
    {
        (this.padding, padding_type) = (padding, null);
        SidesOfPadding = [.. padding.Reverse().SelectMany(width => new[] { width, width })];
    }

    public void SetPadding(Padding padding)
    {
        if (transposed) throw new ArgumentException("A transposed convolution takes numbers as padding.", nameof(padding));
        if (padding == Padding.Same && stride.Any(step => step != 1)) throw new ArgumentException("The padding Same takes a stride of 1.", nameof(padding));
        (this.padding, padding_type) = (null, padding);
        SidesOfPadding = new long[2 * kernel_size.Length];
        if (padding != Padding.Same) return;
        for (var i = 0; i < kernel_size.Length; i++)
        {
            var total = dilation[i] * (kernel_size[i] - 1);
            var side = 2 * (kernel_size.Length - 1 - i);
            (SidesOfPadding[side], SidesOfPadding[side + 1]) = (total / 2, total - (total / 2));
        }
    }

    private protected void RequireChannels(Tensor input, int dimensions)
    {
        var first = (int)input.ndim - dimensions - 1;
        if (first is not (0 or 1) || input.size(first) != in_channels)
            throw new ArgumentException($"{GetName()} takes {dimensions + 1} or, with a batch, {dimensions + 2} dimensions and {in_channels} channels, not [{string.Join(", ", input.shape)}].", nameof(input));
    }
}
