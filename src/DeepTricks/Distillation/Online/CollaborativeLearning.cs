using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// KDCL: each of several networks learns from the labels and from an ensemble of all, cross entropy + λ T² KL(ensemble ‖ own)
/// (Guo et al., "Online Knowledge Distillation via Collaborative Learning", CVPR 2020). There is no public code of its authors: here the naive ensemble picks a network for each sample, and the linear one a mixture for each batch.
/// </summary>
/// <remarks>
/// The ensembles: <see cref="TeacherCombination.BestPerSample"/> is KDCL-Naive, <see cref="Linear"/>, <see cref="TeacherCombination.MinimumLogit"/>, and KDCL-General by
/// <see cref="GeneralizationWeights"/>. The paper distorts the pictures anew for each network: <see cref="BranchNetwork.Forward(IReadOnlyList{Tensor})"/>.
/// </remarks>
public static class CollaborativeLearning
{
    /// <summary>The terms of all peers, for a <see cref="Distiller"/> with a <see cref="PeerTeacher"/>: "cross-entropy-0", "ensemble-0", ….</summary>
    /// <param name="peers">The places of their logits: <see cref="BranchNetwork.Taps"/>.</param>
    /// <param name="options">The settings.</param>
    public static IReadOnlyList<TransferTerm> Terms(IReadOnlyList<Tap> peers, CollaborativeLearningOptions? options = null)
    {
        LabelTerms.CheckSeveral(peers, nameof(peers));
        options ??= new();
        var loss = new KnowledgeDistillationLoss(new() { Temperature = options.Temperature });
        return [.. peers.SelectMany((peer, i) => (TransferTerm[])
        [
            LabelTerms.CrossEntropy($"cross-entropy-{i}", peer),
            TransferTerm.Of($"ensemble-{i}", loss, peer, weight: options.Weight),
        ])];
    }

    /// <summary>
    /// KDCL-Linear: the convex combination Σ α_k z_k of the logits, α ≥ 0 and Σ α = 1, whose cross entropy on the batch is the lowest. Solved by quadratic programs, one after the
    /// other, to a step below 1e-9; waits for the device.
    /// </summary>
    /// <param name="outputs">The logits of each peer, [N, C].</param>
    /// <param name="lesson">The lesson with labels [N].</param>
    /// <returns>The logits of the combination.</returns>
    public static Tensor Linear(IReadOnlyList<Tensor> outputs, Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        return TeacherCombination.Weighted(LinearWeights(outputs, lesson.LabelsFor(nameof(Linear))))(outputs, lesson);
    }

    /// <summary>The α of <see cref="Linear"/>.</summary>
    /// <param name="outputs">The logits of each peer, [N, C].</param>
    /// <param name="labels">[N], int64.</param>
    public static double[] LinearWeights(IReadOnlyList<Tensor> outputs, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(labels);
        const int mostSteps = 50;
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var all = stack(outputs.Select(output => output.detach().to(ScalarType.Float64)), 0);
        var (peers, rows) = ((int)all.shape[0], all.shape[1]);
        var own = nn.functional.one_hot(labels, all.shape[2]).to(ScalarType.Float64);
        var weights = Enumerable.Repeat(1.0 / peers, peers).ToArray();
        var cost = Cost(weights);
        for (var step = 0; step < mostSteps; step++)
        {
            // Newton's model of the cross entropy: its gradient and curvature in α, whose lowest point in the simplex is the next α.
            using var inner = NewDisposeScope();
            var p = Mixed(weights).softmax(1);
            var gradient = Numbers((all * (p - own)).sum([1L, 2L]) / rows);
            var centred = (all - (all * p).sum([2L], keepdim: true)) * p.sqrt();
            var flat = centred.reshape(peers, -1);
            var curvature = Numbers(flat.matmul(flat.t()) / rows);
            var linear = new double[peers];
            for (var i = 0; i < peers; i++)
                linear[i] = gradient[i] - Enumerable.Range(0, peers).Sum(j => curvature[(i * peers) + j] * weights[j]);
            var next = SimplexProgram.Minimize(curvature, linear);
            // Newton may overshoot where the curvature changes; halving always ends, for the direction goes down.
            var (length, better) = (1.0, weights);
            for (; length > 1e-9; length /= 2)
            {
                better = [.. weights.Zip(next, (a, b) => a + (length * (b - a)))];
                if (Cost(better) is var found && found <= cost)
                {
                    cost = found;
                    break;
                }
            }
            if (length <= 1e-9) break;
            var moved = better.Zip(weights, (a, b) => Math.Abs(a - b)).Max();
            weights = better;
            if (moved < 1e-9) break;
        }
        return weights;

        Tensor Mixed(double[] mixing) => (all * tensor(mixing, device: all.device).reshape(-1, 1, 1)).sum([0L]);

        double Cost(double[] mixing)
        {
            using var inner = NewDisposeScope();
            return nn.functional.cross_entropy(Mixed(mixing), labels).item<double>();
        }

        static double[] Numbers(Tensor values) => [.. values.cpu().data<double>()];
    }
}
