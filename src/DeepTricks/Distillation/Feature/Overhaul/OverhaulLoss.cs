using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Compares features where it matters, before the ReLU: the teacher's negative values are raised to a margin, the mean of what is negative in a channel, and where the
/// teacher is not positive a student that is below costs nothing (Heo et al., "A Comprehensive Overhaul of Feature Distillation", 2019).
/// </summary>
/// <remarks>The student's features come through a connector, 1 × 1 convolution and normalisation. The margin is kept as the buffer <c>margin</c>, [1, C, 1, 1].</remarks>
public sealed class OverhaulLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private const double SmallestMass = 1e-3, RareMargin = -3, ZooEpsilon = 1e-6;

    [ComponentName(Name = "margin")] private readonly Tensor _margin;
    private readonly OverhaulLossOptions _options;

    /// <summary>Makes the loss with the margin that the normalisation before the teacher's ReLU tells.</summary>
    /// <param name="normBeforeRelu">The teacher's normalisation; it is read once.</param>
    /// <param name="options">The scale; <see cref="OverhaulLossOptions.OfficialCifar"/> where null.</param>
    /// <exception cref="ArgumentException">The normalisation has no scales.</exception>
    public OverhaulLoss(BatchNorm2d normBeforeRelu, OverhaulLossOptions? options = null)
        : this(MarginOf(normBeforeRelu), options)
    {
    }

    /// <summary>Makes the loss with a margin.</summary>
    /// <param name="margin">A number for each of the teacher's channels, [C], of the features' type and on their device; copied.</param>
    /// <param name="options">The scale; <see cref="OverhaulLossOptions.OfficialCifar"/> where null.</param>
    /// <exception cref="ArgumentException">The margin has another shape.</exception>
    public OverhaulLoss(Tensor margin, OverhaulLossOptions? options = null)
        : base(nameof(OverhaulLoss))
    {
        FeatureChecks.Floating(margin, nameof(margin));
        if (margin.dim() != 1)
        {
            throw new ArgumentException($"Expected a margin of shape [C]; the shape is {margin.ShapeText()}.", nameof(margin));
        }

        using (var flat = margin.detach())
        using (var shaped = flat.view(1, -1, 1, 1))
        {
            _margin = shaped.clone().DetachFromDisposeScope();
        }

        _options = options ?? OverhaulLossOptions.OfficialCifar;
        RegisterComponents();
    }

    /// <summary>The mean of the negative values of each channel, as the Gaussian N(β, |γ|) of a normalisation has them; −3|γ| where it is negative with a probability of at most 0.001.</summary>
    /// <param name="norm">The normalisation before the ReLU.</param>
    /// <returns>[C], of the type and on the device of the normalisation.</returns>
    /// <exception cref="ArgumentException">The normalisation has no scales.</exception>
    public static Tensor MarginOf(BatchNorm2d norm)
    {
        ArgumentNullException.ThrowIfNull(norm);
        if (norm.weight is not { } weight || norm.bias is not { } bias)
        {
            throw new ArgumentException("Expected a normalisation with scales and shifts; it has none.", nameof(norm));
        }

        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var deviation = weight.to(ScalarType.Float64).abs();
        var mean = bias.to(ScalarType.Float64);
        var standard = mean / deviation;
        var mass = ((standard / -Math.Sqrt(2)).erf() + 1) / 2;
        var expected = mean - (deviation * (standard.square() / -2).exp() / (mass * Math.Sqrt(2 * Math.PI)));
        return expected.where(mass > SmallestMass, deviation * RareMargin).to(weight.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the negative values of each channel in a batch, which needs no normalisation, as Knowledge-Distillation-Zoo has it.</summary>
    /// <param name="teacher">Maps [N, C, H, W] of a floating type, before the ReLU.</param>
    /// <returns>[C]; 0 where a channel has no negative value.</returns>
    /// <exception cref="ArgumentException">The features are no maps.</exception>
    public static Tensor BatchMargin(Tensor teacher)
    {
        FeatureChecks.Map(teacher, nameof(teacher));
        using var scope = NewDisposeScope();
        var features = teacher.detach();
        return (features.clamp_max(0).sum([0, 2, 3]) / (features.lt(0).to(features.dtype).sum([0, 2, 3]) + ZooEpsilon)).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type, behind the connector, before the ReLU.</param>
    /// <param name="teacher">Maps [N, C, H', W'] of the same type and on the same device, before the ReLU; a constant. The larger map is averaged to the size of the smaller.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        using var margin = _margin.flatten();
        return Compute(student, teacher, margin, _options);
    }

    /// <summary>The loss as a function.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type, behind the connector, before the ReLU.</param>
    /// <param name="teacher">Maps [N, C, H', W'] of the same type and on the same device, before the ReLU; a constant. The larger map is averaged to the size of the smaller.</param>
    /// <param name="margin">[C], as of <see cref="MarginOf"/> or <see cref="BatchMargin"/>.</param>
    /// <param name="options">The scale; <see cref="OverhaulLossOptions.OfficialCifar"/> where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, Tensor margin, OverhaulLossOptions? options = null)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: true);
        FeatureChecks.Floating(margin, nameof(margin));
        FeatureChecks.On(margin, student, nameof(margin));
        if (margin.dim() != 1 || margin.shape[0] != student.shape[1])
        {
            throw new ArgumentException($"Expected a margin for each of {student.shape[1]} channels; the shape is {margin.ShapeText()}.", nameof(margin));
        }

        options ??= OverhaulLossOptions.OfficialCifar;
        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            (s, t) = FeaturePair.SameSize(s, t);
            var target = t.maximum(margin.detach().to(t.dtype).view(1, -1, 1, 1));
            var counts = (s > target).logical_or(target > 0);
            return FeaturePair.Reduce((s - target).square() * counts.to(s.dtype), options);
        });
    }
}
