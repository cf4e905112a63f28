using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class InstanceNorm1d : InstanceNorm
{
    internal InstanceNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm1d))
    {
    }

    protected override void ValidateInputDimensions(Tensor input) => RequireDimensions(input, 2, 3);

    protected override long GetNumberOfBatchDimensions() => 2;
}
