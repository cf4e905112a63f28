using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What batch normalisations have in common.</summary>
public abstract class BatchNorm : NormBase
{
    protected BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        var training = this.training;
        var factor = momentum ?? 0;
        if (training && num_batches_tracked is { } batches)
        {
            aten_("add_.Scalar", batches, 1);
            if (momentum is null) factor = 1 / (double)atenScalar("item", batches).Integer;
        }
        var (mean, variance) = training && !track_running_stats ? (null, null) : (running_mean, running_var);
        return nn.functional.batch_norm(input, mean, variance, weight, bias, training || mean is null, factor, eps);
    }
}
