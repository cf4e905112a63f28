using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>
/// Batch normalisation whose statistics and affine parameters are fixed, in training as well, as torchvision's: four buffers,
/// <c>weight</c>, <c>bias</c>, <c>running_mean</c> and <c>running_var</c>, no parameter and no <c>num_batches_tracked</c>.
/// </summary>
/// <remarks>
/// The four fold into one scale and one shift a channel inside libtorch's batch normalisation for evaluation, which goes over the input
/// once. Nothing of it is kept between calls, so that a state dict can be loaded at any time.
/// </remarks>
public sealed class FrozenBatchNorm2d : nn.Module<Tensor, Tensor>
{
    /// <summary>1e-5, as torchvision's. The detection checkpoints of its first versions were made with 0.</summary>
    public const double DefaultEpsilon = 1e-5;

    private const int ImageDimensions = 4;

    // Not readonly: a move to another device or type exchanges them.
#pragma warning disable IDE0044
    [ComponentName(Name = "weight")]
    private Tensor _weight;

    [ComponentName(Name = "bias")]
    private Tensor _bias;

    [ComponentName(Name = "running_mean")]
    private Tensor _runningMean;

    [ComponentName(Name = "running_var")]
    private Tensor _runningVariance;
#pragma warning restore IDE0044

    /// <summary>Starts as the identity, but for ε.</summary>
    /// <param name="channels">The channels of the input, at least 1.</param>
    /// <param name="epsilon">What is added to the variance; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public FrozenBatchNorm2d(long channels, double epsilon = DefaultEpsilon) : base(nameof(FrozenBatchNorm2d))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (!(epsilon >= 0 && double.IsFinite(epsilon))) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite value of at least 0.");
        (Channels, Epsilon) = (channels, epsilon);
        _weight = ones(channels).DetachFromDisposeScope();
        _bias = zeros(channels).DetachFromDisposeScope();
        _runningMean = zeros(channels).DetachFromDisposeScope();
        _runningVariance = ones(channels).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>The channels of the input.</summary>
    public long Channels { get; }

    /// <summary>What is added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>(x − mean) / √(variance + ε) · weight + bias, channel by channel.</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <returns>As the input.</returns>
    /// <exception cref="ArgumentException">The input has another number of dimensions or channels.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.dim() != ImageDimensions || input.size(1) != Channels)
            throw new ArgumentException($"Expected [N, {Channels}, H, W], and {input.ShapeText()} came.", nameof(input));
        return nn.functional.batch_norm(input, _runningMean, _runningVariance, _weight, _bias, training: false, eps: Epsilon);
    }

    /// <summary>What the input is multiplied by, and what is added to it, channel by channel.</summary>
    internal (Tensor Scale, Tensor Shift) ScaleAndShift() => NormFolding.ScaleAndShift(_weight, _bias, _runningMean, _runningVariance, Epsilon);
}
