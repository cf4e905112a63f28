using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Makes the channels of a student's layer fire where a teacher's do: the squared maximum mean discrepancy of the two sets of channels of a sample, each
/// channel's map divided by its norm (Huang and Wang, "Like What You Like: Knowledge Distill via Neuron Selectivity Transfer", 2017).
/// </summary>
/// <remarks>
/// Channels may differ in number; the larger of two maps is averaged to the size of the smaller. The kernels are of matrix products [C, H·W], where the public
/// implementations form all products [C, C', H·W].
/// </remarks>
public sealed class NeuronSelectivityLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly NeuronSelectivityLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The kernel; <see cref="NeuronSelectivityLossOptions.RepDistiller"/> where null.</param>
    public NeuronSelectivityLoss(NeuronSelectivityLossOptions? options = null)
        : base(nameof(NeuronSelectivityLoss)) => _options = options ?? NeuronSelectivityLossOptions.RepDistiller;

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Maps [N, C', H', W'] of the same type and on the same device; a constant.</param>
    /// <returns>A scalar, averaged over samples and pairs of channels.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Maps [N, C', H', W'] of the same type and on the same device; a constant.</param>
    /// <param name="options">The kernel; <see cref="NeuronSelectivityLossOptions.RepDistiller"/> where null.</param>
    /// <returns>A scalar, averaged over samples and pairs of channels.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, NeuronSelectivityLossOptions? options = null)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: false);
        options ??= NeuronSelectivityLossOptions.RepDistiller;
        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            (s, t) = FeaturePair.SameSize(s, t);
            (s, t) = (Channels(s), Channels(t));
            return options.Kernel switch
            {
                // Σ k over pairs is the product of the sums.
                SelectivityKernel.Linear => (s.mean([1]) - t.mean([1])).square().sum(1L).mean(),
                SelectivityKernel.Gaussian => Gaussian(s, t, options.Variance),
                _ => Polynomial(t, t, options) + Polynomial(s, s, options) - (Polynomial(s, t, options) * 2),
            };
        });
    }

    private static Tensor Channels(Tensor maps) => nn.functional.normalize(maps.flatten(2), dim: 2);

    private static Tensor Polynomial(Tensor a, Tensor b, NeuronSelectivityLossOptions options)
    {
        var products = a.bmm(b.transpose(1, 2));
        if (options.Offset != 0)
        {
            products = products + options.Offset;
        }

        return (options.Degree == 2 ? products.square() : products.pow(options.Degree)).mean();
    }

    private static Tensor Gaussian(Tensor student, Tensor teacher, double? variance)
    {
        var between = SquaredDistances(student, teacher);
        var doubled = variance is { } given ? tensor(2 * given, student.dtype, student.device) : (between.detach().mean() * 2).clamp_min(1e-12);
        return Mean(SquaredDistances(teacher, teacher)) + Mean(SquaredDistances(student, student)) - (Mean(between) * 2);

        Tensor Mean(Tensor distances) => (distances / doubled).neg().exp().mean();
    }

    /// <summary>‖x − y‖² of all pairs of channels, whose norms are 1, or 0 where a channel is silent.</summary>
    private static Tensor SquaredDistances(Tensor a, Tensor b) =>
        a.square().sum([2], keepdim: true) + b.square().sum([2]).unsqueeze(1) - (a.bmm(b.transpose(1, 2)) * 2);
}
