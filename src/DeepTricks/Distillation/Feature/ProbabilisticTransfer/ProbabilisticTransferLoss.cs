using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Keeps the neighbourhoods of a batch: cosine similarities, shifted to [0, 1], become for each sample a distribution over all samples, and the student's
/// is brought to the teacher's by their divergence (Passalis and Tefas, "Learning Deep Representations with Probabilistic Knowledge Transfer", 2018).
/// </summary>
/// <remarks>Widths may differ. A sample counts as its own neighbour, as in all implementations. The mean is over all pairs.</remarks>
public sealed class ProbabilisticTransferLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly ProbabilisticTransferLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The constant; <see cref="ProbabilisticTransferLossOptions.Official"/> where null.</param>
    public ProbabilisticTransferLoss(ProbabilisticTransferLossOptions? options = null)
        : base(nameof(ProbabilisticTransferLoss)) => _options = options ?? ProbabilisticTransferLossOptions.Official;

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Features [N, ...] of a floating type; flattened to [N, D].</param>
    /// <param name="teacher">Features [N, ...] of the same type and on the same device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">Features [N, ...] of a floating type; flattened to [N, D].</param>
    /// <param name="teacher">Features [N, ...] of the same type and on the same device; a constant.</param>
    /// <param name="options">The constant; <see cref="ProbabilisticTransferLossOptions.Official"/> where null.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, ProbabilisticTransferLossOptions? options = null)
    {
        FeatureChecks.Rows(student, teacher);
        var epsilon = (options ?? ProbabilisticTransferLossOptions.Official).Epsilon;
        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            var (own, wanted) = (Neighbours(s.flatten(1), epsilon), Neighbours(t.flatten(1), epsilon));
            return (wanted * ((wanted + epsilon) / (own + epsilon)).log()).mean();
        });
    }

    /// <summary>p(j | i) over the samples of a batch [N, N].</summary>
    private static Tensor Neighbours(Tensor features, double epsilon)
    {
        var directions = features / (features.norm(1, true, 2) + epsilon);
        var similarities = (directions.mm(directions.t()) + 1) / 2;
        return similarities / similarities.sum([1], keepdim: true);
    }
}
