using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Weights several teachers anew for each sample, for a <see cref="TeacherGroup"/>: a sum of their logits [N, C] by weights that depend on what they say of the
/// sample. All return logits.
/// </summary>
public static class TeacherGate
{
    /// <summary>The surer a teacher is of a sample, the more it counts: softmax over the teachers of −H / τ, H being the entropy of its probabilities.</summary>
    /// <param name="sharpness">τ: near 0 for the surest alone, large for the mean; above 0, 1 by default.</param>
    public static Func<IReadOnlyList<Tensor>, Lesson, Tensor> ByConfidence(double sharpness = 1)
    {
        LogitChecks.Positive(sharpness);
        return (outputs, _) => Gated(outputs, all =>
        {
            var logarithms = all.log_softmax(2);
            return ((logarithms.exp() * logarithms).sum(2) / sharpness).softmax(0);
        });
    }

    /// <summary>
    /// The lower a teacher's cross entropy with the label, the more it counts: (1 − exp(CE) / Σ exp(CE)) / (T − 1) over T teachers
    /// (Zhang et al., "Confidence-Aware Multi-Teacher Knowledge Distillation", 2022).
    /// </summary>
    /// <param name="outputs">The logits of each teacher, two at least.</param>
    /// <param name="lesson">The lesson with labels [N].</param>
    /// <exception cref="ArgumentException">There is one teacher, or shapes differ.</exception>
    public static Tensor ByLabel(IReadOnlyList<Tensor> outputs, Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(lesson);
        if (outputs.Count < 2)
        {
            throw new ArgumentException("Expected two teachers at least: one has nobody to be weighed against.", nameof(outputs));
        }

        var labels = lesson.LabelsFor(nameof(ByLabel));
        return Gated(outputs, _ =>
        {
            var costs = stack(outputs.Select(output => nn.functional.cross_entropy(output, labels, reduction: nn.Reduction.None)), 0);
            return (1 - costs.softmax(0)) / (outputs.Count - 1);
        });
    }

    /// <summary>Any weights of the caller's: those of a gate that was trained on the input, or that a table has for each sample.</summary>
    /// <param name="weights">Gives [N, teachers] for a lesson.</param>
    public static Func<IReadOnlyList<Tensor>, Lesson, Tensor> By(Func<Lesson, Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return (outputs, lesson) => Gated(outputs, all =>
        {
            var given = weights(lesson);
            return given.shape.AsSpan().SequenceEqual([all.shape[1], all.shape[0]])
                ? given.t()
                : throw new InvalidOperationException($"Expected weights [{all.shape[1]}, {all.shape[0]}], of samples and teachers; the shape is {given.ShapeText()}.");
        });
    }

    private static Tensor Gated(IReadOnlyList<Tensor> outputs, Func<Tensor, Tensor> weights) =>
        TeacherCombination.Stacked(outputs, all => (all * weights(all).unsqueeze(2)).sum([0L]));
}
