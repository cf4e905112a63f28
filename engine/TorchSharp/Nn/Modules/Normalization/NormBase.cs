using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What batch and instance normalisation have in common.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    [ComponentName(Name = nameof(running_mean))]
    private Tensor? _running_mean;

    [ComponentName(Name = nameof(running_var))]
    private Tensor? _running_var;

    [ComponentName(Name = nameof(num_batches_tracked))]
    private Tensor? _num_batches_tracked;

    protected NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name) : base(name)
    {
        (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
        if (affine)
        {
            weight = new(Components.Full(1, device, dtype, num_features));
            bias = new(Components.Full(0, device, dtype, num_features));
        }
        if (!track_running_stats) return;
        running_mean = Components.Full(0, device, dtype, num_features);
        running_var = Components.Full(1, device, dtype, num_features);
        num_batches_tracked = Components.Full(0, device, ScalarType.Int64);
    }

    public long num_features { get; }
    public double eps { get; set; }

    /// <summary>The weight of a new batch in the running statistics; null for their mean over all batches.</summary>
    public double? momentum { get; set; }

    public bool affine { get; }
    public bool track_running_stats { get; }

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

    public Tensor? running_mean
    {
        get => _running_mean;
        set
        {
            if (Components.Exchange(ref _running_mean, value)) ConditionallyRegisterBuffer(nameof(running_mean), value);
        }
    }

    public Tensor? running_var
    {
        get => _running_var;
        set
        {
            if (Components.Exchange(ref _running_var, value)) ConditionallyRegisterBuffer(nameof(running_var), value);
        }
    }

    public Tensor? num_batches_tracked
    {
        get => _num_batches_tracked;
        set
        {
            if (Components.Exchange(ref _num_batches_tracked, value)) ConditionallyRegisterBuffer(nameof(num_batches_tracked), value);
        }
    }

    public void reset_running_stats()
    {
        if (!track_running_stats) return;
        nn.init.zeros_(running_mean!);
        nn.init.ones_(running_var!);
        nn.init.zeros_(num_batches_tracked!);
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        nn.init.ones_(weight);
        nn.init.zeros_(bias!);
    }

    protected abstract void ValidateInputDimensions(Tensor input);

    private protected void RequireDimensions(Tensor input, int without, int with)
    {
        var dimensions = input.ndim;
        if (dimensions != without && dimensions != with)
            throw new ArgumentException($"{GetName()} takes {(without == with ? with : $"{without} or {with}")} dimensions, not {dimensions}.", nameof(input));
    }
}
