using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What instance normalisations have in common.</summary>
public abstract class InstanceNorm : NormBase
{
    protected InstanceNorm(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum ?? 0.1, affine, track_running_stats, device, dtype, name)
    {
    }

    /// <summary>The number of dimensions of an input without a batch: the channels' and the spatial ones.</summary>
    protected abstract long GetNumberOfBatchDimensions();

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        var channels = (int)(input.ndim - GetNumberOfBatchDimensions());
        if (input.size(channels) != num_features)
            throw new ArgumentException($"{GetName()} takes {num_features} channels in dimension {channels}, not {input.size(channels)}.", nameof(input));
        if (channels > 0) return Normalized(input);
        using var batch = aten("unsqueeze", input, 0);
        using var normalized = Normalized(batch);
        return aten("squeeze.dim", normalized, 0);
    }

    private Tensor Normalized(Tensor input) =>
        nn.functional.instance_norm(input, running_mean, running_var, weight, bias, training || !track_running_stats, momentum ?? 0.1, eps);
}
