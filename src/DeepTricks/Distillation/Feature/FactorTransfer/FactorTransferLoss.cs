using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The distance of a student's factor, which a <see cref="Translator"/> makes, from a teacher's, which a <see cref="Paraphraser"/> trained before makes, each divided by its norm
/// (Kim et al., "Paraphrasing Complex Network: Network Compression via Factor Transfer", 2018).
/// </summary>
public sealed class FactorTransferLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly FactorTransferLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">What is compared; <see cref="FactorTransferLossOptions.RepDistiller"/> where null.</param>
    public FactorTransferLoss(FactorTransferLossOptions? options = null)
        : base(nameof(FactorTransferLoss)) => _options = options ?? FactorTransferLossOptions.RepDistiller;

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Factors [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Factors [N, C', H', W'] of the same type and on the same device, of as many channels unless they are collapsed; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">Factors [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Factors [N, C', H', W'] of the same type and on the same device, of as many channels unless they are collapsed; a constant.</param>
    /// <param name="options">What is compared; <see cref="FactorTransferLossOptions.RepDistiller"/> where null.</param>
    /// <returns>A scalar, averaged over all elements. The larger map is averaged to the size of the smaller.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, FactorTransferLossOptions? options = null)
    {
        options ??= FactorTransferLossOptions.RepDistiller;
        FeatureChecks.Maps(student, teacher, sameChannels: !options.CollapseChannels);
        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            (s, t) = FeaturePair.SameSize(s, t);
            var difference = (Factor(s) - Factor(t)).abs();
            return (options.Power == 1 ? difference : difference.pow(options.Power)).mean();
        });

        Tensor Factor(Tensor map) => nn.functional.normalize((options.CollapseChannels ? map.square().mean([1]) : map).flatten(1));
    }
}
