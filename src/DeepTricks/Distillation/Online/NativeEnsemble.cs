namespace DeepTricks.Distillation;

/// <summary>
/// ONE: branches on a common trunk and a gate that mixes their logits. The mixture learns from the labels, the branches from the labels and the mixture:
/// CE(mixture) + Σ CE(branch) + w(e) Σ T² KL(mixture ‖ branch)
/// (Lan, Zhu and Gong, "Knowledge Distillation by On-the-Fly Native Ensemble", NeurIPS 2018; code: Lan1991Xu/ONE_NeurIPS2018).
/// </summary>
/// <remarks>The code adds 1e-7 to the targets before it takes their logarithm, which this does not.</remarks>
public static class NativeEnsemble
{
    /// <summary>
    /// The terms of all branches, for a <see cref="Distiller"/> of a <see cref="BranchNetwork"/> with a gate and a <see cref="SelfTeacher"/>: "cross-entropy-0",
    /// "mixture-0", …. The cross entropy of the mixture, the network's output, is the objective's own loss.
    /// </summary>
    /// <param name="branches">The places of their logits: <see cref="BranchNetwork.Taps"/>.</param>
    /// <param name="options">The settings; the code's where null.</param>
    public static IReadOnlyList<TransferTerm> Terms(IReadOnlyList<Tap> branches, NativeEnsembleOptions? options = null)
    {
        LabelTerms.CheckSeveral(branches, nameof(branches));
        options ??= new();
        var loss = new KnowledgeDistillationLoss(new() { Temperature = options.Temperature });
        return [.. branches.SelectMany((branch, i) => (TransferTerm[])
        [
            LabelTerms.CrossEntropy($"cross-entropy-{i}", branch),
            TransferTerm.Of($"mixture-{i}", loss, branch, weight: options.Weight),
        ])];
    }
}
