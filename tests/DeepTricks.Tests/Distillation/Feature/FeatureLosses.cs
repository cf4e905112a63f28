using DeepTricks.Distillation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>The losses of features without parameters, by the kind and preset that the fixtures name.</summary>
internal static class FeatureLosses
{
    public static IReadOnlyDictionary<string, Func<Tensor, Tensor, Tensor>> All { get; } = new Dictionary<string, Func<Tensor, Tensor, Tensor>>
    {
        ["hint.RepDistiller"] = new HintLoss().call,
        ["hint.Paper"] = new HintLoss(HintLossOptions.Paper).call,
        ["attention.Official"] = new AttentionTransferLoss().call,
        ["attention.Power4"] = new AttentionTransferLoss(new() { Power = 4 }).call,
        ["attention.KdZoo"] = new AttentionTransferLoss(AttentionTransferLossOptions.KdZoo).call,
        ["attention.KdZooPower3"] = new AttentionTransferLoss(AttentionTransferLossOptions.KdZoo with { Power = 3 }).call,
        ["attention.Paper"] = new AttentionTransferLoss(AttentionTransferLossOptions.Paper).call,
        ["selectivity.RepDistiller"] = new NeuronSelectivityLoss().call,
        ["selectivity.Linear"] = new NeuronSelectivityLoss(NeuronSelectivityLossOptions.Linear).call,
        ["selectivity.Gaussian"] = new NeuronSelectivityLoss(NeuronSelectivityLossOptions.Gaussian).call,
        ["probabilistic.Official"] = new ProbabilisticTransferLoss().call,
        ["probabilistic.KdZoo"] = new ProbabilisticTransferLoss(ProbabilisticTransferLossOptions.KdZoo).call,
        ["boundary.Official"] = new ActivationBoundaryLoss().call,
        ["boundary.KdZoo"] = new ActivationBoundaryLoss(ActivationBoundaryLossOptions.KdZoo).call,
        ["factor.RepDistiller"] = new FactorTransferLoss().call,
        ["factor.WholeFactor"] = new FactorTransferLoss(FactorTransferLossOptions.WholeFactor).call,
        ["factor.Squared"] = new FactorTransferLoss(new() { Power = 2 }).call,
        ["context.mdistiller"] = new HierarchicalContextLoss().call,
        ["channel-wise.mmrazor"] = new ChannelWiseLoss().call,
        ["pearson.mmrazor"] = new PearsonFeatureLoss().call,
    };

    /// <summary>A student's and a teacher's features of one shape that every loss here takes.</summary>
    public static (Tensor Student, Tensor Teacher) Inputs(ScalarType dtype, params long[] shape) =>
        (Testing.Golden.Tensor("student", shape, scale: 2, dtype: dtype).requires_grad_(), Testing.Golden.Tensor("teacher", shape, scale: 2, dtype: dtype));
}
