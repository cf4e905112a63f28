using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Deep mutual learning: each of several networks learns from the labels and from what the others say of the same batch, cross entropy + the mean over the others of
/// KL(p_other ‖ p_own) (Zhang, Xiang, Hospedales and Lu, "Deep Mutual Learning", CVPR 2018).
/// </summary>
/// <remarks>
/// <see cref="Terms"/> moves all networks at once, as most code does: one backward of the sum gives each network its own gradients. <see cref="Step"/> moves them
/// one after the other, each taught by what those before it say after their step, as the paper's algorithm 1.
/// </remarks>
public static class MutualLearning
{
    /// <summary>The terms of all peers, for a <see cref="Distiller"/> with a <see cref="SelfTeacher"/>: "cross-entropy-0", "mutual-0", ….</summary>
    /// <param name="peers">The places of their logits: <see cref="BranchNetwork.Taps"/>.</param>
    /// <param name="options">The settings; the paper's where null.</param>
    public static IReadOnlyList<TransferTerm> Terms(IReadOnlyList<Tap> peers, MutualLearningOptions? options = null)
    {
        LabelTerms.CheckSeveral(peers, nameof(peers));
        options ??= new();
        return [.. peers.SelectMany((peer, i) => (TransferTerm[])
        [
            LabelTerms.CrossEntropy($"cross-entropy-{i}", peer),
            TransferTerm.Of($"mutual-{i}", (student, teacher, _) => Divergence(student[peer], [.. peers.Where((_, j) => j != i).Select(other => teacher[other])], options),
                [peer], peers.Where((_, j) => j != i), weight: options.Weight),
        ])];
    }

    /// <summary>A step of every peer, one after the other. Each sees what those before it say after their own step, which takes a second pass of theirs in the mode they are in.</summary>
    /// <param name="peers">The networks, from inputs to logits [N, C].</param>
    /// <param name="optimizers">The optimiser of each.</param>
    /// <param name="input">The batch.</param>
    /// <param name="labels">[N], int64.</param>
    /// <param name="options">The settings; the paper's where null.</param>
    /// <returns>The loss of each peer before its step, detached, in the dispose scope of the caller.</returns>
    public static IReadOnlyList<Tensor> Step(IReadOnlyList<nn.Module<Tensor, Tensor>> peers, IReadOnlyList<optim.Optimizer> optimizers, Tensor input, Tensor labels,
        MutualLearningOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(peers);
        ArgumentNullException.ThrowIfNull(optimizers);
        if (peers.Count < 2 || optimizers.Count != peers.Count)
            throw new ArgumentException($"Expected at least two peers and an optimiser for each; {peers.Count} and {optimizers.Count} came.", nameof(optimizers));
        options ??= new();
        using var scope = NewDisposeScope();
        Tensor[] logits = [.. peers.Select(peer => peer.call(input))];
        Tensor[] said = [.. logits.Select(one => one.detach())];
        var losses = new Tensor[peers.Count];
        for (var i = 0; i < peers.Count; i++)
        {
            optimizers[i].zero_grad();
            var loss = nn.functional.cross_entropy(logits[i], labels) + Divergence(logits[i], [.. said.Where((_, j) => j != i)], options) * options.Weight;
            loss.backward();
            optimizers[i].step();
            losses[i] = loss.detach().MoveToOuterDisposeScope();
            if (i == peers.Count - 1) break;
            using var ungraded = no_grad();
            said[i] = peers[i].call(input);
        }
        return losses;
    }

    private static Tensor Divergence(Tensor own, Tensor[] others, MutualLearningOptions options)
    {
        var settings = KnowledgeDistillationLossOptions.RepDistiller with { Temperature = options.Temperature };
        return others.Select(other => KnowledgeDistillationLoss.Compute(own, other, settings)).Aggregate((a, b) => a + b) / others.Length;
    }
}
