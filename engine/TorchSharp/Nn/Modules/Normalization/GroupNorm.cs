using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class GroupNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
    {
        (this.num_groups, this.eps, this.affine) = (num_groups, eps, affine);
        if (!affine) return;
        weight = new(Components.Full(1, device, dtype, num_channels));
        bias = new(Components.Full(0, device, dtype, num_channels));
    }

    public long num_groups { get; set; }
    public double eps { get; set; }
    public bool affine { get; set; }

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

    public override Tensor forward(Tensor tensor)
    {
        if (tensor.ndim < 3) throw new ArgumentException($"GroupNorm takes three dimensions or more, not {tensor.ndim}.", nameof(tensor));
        return nn.functional.group_norm(tensor, num_groups, _weight, _bias, eps);
    }
}
