using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// DKD: the KL divergence of the softened probabilities in its two parts with a weight for each, how probable the label is, and how the other classes share the
/// rest; in the plain divergence the second has the weight 1 − p of the label and vanishes where the teacher is sure
/// (Zhao et al., "Decoupled Knowledge Distillation", CVPR 2022).
/// </summary>
/// <remarks>
/// T² (α KL of the label against the rest + β KL among the others), the mean over the samples. The authors' code leaves the label out by taking 1000 from its logit
/// and takes logarithms of the probabilities of both events; here it is left out, and the logarithms come from the logits: the same, but finite where those
/// probabilities are 0 in single precision.
/// </remarks>
public sealed class DecoupledDistillationLoss : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private const double AuthorsWarmUp = 20;
    private readonly DecoupledDistillationLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; <see cref="DecoupledDistillationLossOptions.Official"/> where null.</param>
    public DecoupledDistillationLoss(DecoupledDistillationLossOptions? options = null)
        : base(nameof(DecoupledDistillationLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K] or [N, K, d1, …], logits of a floating type, K of at least 2.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device; gets no gradient.</param>
    /// <param name="labels">[N] or [N, d1, …], int64.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor student, Tensor teacher, Tensor labels) => Compute(student, teacher, labels, _options);

    /// <inheritdoc cref="forward(Tensor, Tensor, Tensor)"/>
    /// <param name="student">[N, K] or [N, K, d1, …], logits of a floating type, K of at least 2.</param>
    /// <param name="teacher">The teacher's logits, of the same shape, type and device; gets no gradient.</param>
    /// <param name="labels">[N] or [N, d1, …], int64.</param>
    /// <param name="options">The settings; <see cref="DecoupledDistillationLossOptions.Official"/> where null.</param>
    public static Tensor Compute(Tensor student, Tensor teacher, Tensor labels, DecoupledDistillationLossOptions? options = null)
    {
        LogitChecks.Logits(student, teacher, classes: 2);
        LogitChecks.Labels(labels, student);
        options ??= DecoupledDistillationLossOptions.Official;
        var factor = options.Temperature * options.Temperature / labels.numel();
        return new SoftLogitLoss(options.Temperature, options.Temperature, factor)
        {
            Labels = labels,
            TargetWeight = options.TargetWeight,
            OtherWeight = options.OtherWeight,
        }.Of(student, teacher);
    }

    /// <summary>The authors' weight over time: e/20 in epoch e, which counts from 1, and 1 from then on.</summary>
    /// <param name="weight">What it rises to.</param>
    /// <param name="epochs">The epochs of the rise.</param>
    public static Schedule WarmUp(double weight = 1, double epochs = AuthorsWarmUp)
    {
        LogitChecks.NotNegative(weight);
        LogitChecks.Positive(epochs);
        return Schedule.Of(time => weight * Math.Min((Math.Floor(time.Epoch) + 1) / epochs, 1));
    }
}
