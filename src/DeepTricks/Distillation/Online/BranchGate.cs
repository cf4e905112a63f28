using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The gate of ONE: from the trunk's maps to the share of each branch, softmax(ReLU(BN(linear(mean over the map))))
/// (Lan, Zhu and Gong, "Knowledge Distillation by On-the-Fly Native Ensemble", NeurIPS 2018; code: Lan1991Xu/ONE_NeurIPS2018, control_v1 and bn_v1).
/// </summary>
public sealed class BranchGate : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "linear")]
    private readonly Linear _linear;
    [ComponentName(Name = "norm")]
    private readonly BatchNorm1d _norm;

    /// <summary>Makes a gate.</summary>
    /// <param name="channels">The channels of the trunk's maps, or the features where it gives [N, F].</param>
    /// <param name="branches">How many branches there are.</param>
    public BranchGate(long channels, long branches)
        : base(nameof(BranchGate))
    {
        _linear = nn.Linear(channels, branches);
        _norm = nn.BatchNorm1d(branches);
        RegisterComponents();
    }

    /// <summary>The shares.</summary>
    /// <param name="input">[N, C, H, W] or [N, C].</param>
    /// <returns>[N, branches], each row a distribution.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var pooled = input.dim() == 2 ? input : input.flatten(2).mean([2L]);
        return _norm.call(_linear.call(pooled)).relu().softmax(1).MoveToOuterDisposeScope();
    }
}
