using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// −(1 − p)^γ log p of a softmax, in operations that have derivatives of any order; the caller's dispose scope gets what is made.
/// </summary>
internal static class FocalTarget
{
    /// <summary>The cost of each class of each sample, [N, K].</summary>
    internal static Tensor Costs(Tensor scores, double focusing)
    {
        var logarithm = scores.log_softmax(1);
        return focusing switch
        {
            0 => -logarithm,
            2 => -logarithm.expm1().square() * logarithm,
            _ => -(-logarithm.expm1()).pow(focusing) * logarithm,
        };
    }
}
