using DeepTricks.Data;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Ways to make one output of several teachers' logits, each [N, C], for a <see cref="TeacherGroup"/>. All return logits.</summary>
/// <remarks>The mean of logits and the mean of probabilities differ: the first is a geometric mean of the probabilities, where one teacher can veto a class.</remarks>
public static class TeacherCombination
{
    /// <summary>The mean of the logits.</summary>
    /// <param name="outputs">The logits of each teacher.</param>
    /// <param name="lesson">The lesson; not read.</param>
    public static Tensor MeanOfLogits(IReadOnlyList<Tensor> outputs, Lesson lesson) => Stacked(outputs, all => all.mean([0L]));

    /// <summary>Logits of the mean of the probabilities softened by a temperature: softened by it again, they are that mean.</summary>
    /// <param name="temperature">The temperature of the loss that the output goes to; above 0.</param>
    public static Func<IReadOnlyList<Tensor>, Lesson, Tensor> MeanOfProbabilities(double temperature = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        return (outputs, _) => Stacked(outputs, all =>
            (all / temperature).log_softmax(2).logsumexp(0).sub(Math.Log(outputs.Count)).mul(temperature));
    }

    /// <summary>A weighted sum of the logits.</summary>
    /// <param name="weights">The weight of each teacher, in their order; usually with the sum 1.</param>
    public static Func<IReadOnlyList<Tensor>, Lesson, Tensor> Weighted(params IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        double[] copy = [.. weights];
        return (outputs, _) =>
        {
            if (outputs.Count != copy.Length)
                throw new InvalidOperationException($"There are {copy.Length} weights and {outputs.Count} teachers.");
            return Stacked(outputs, _ => outputs.Select((output, i) => output * copy[i]).Aggregate((a, b) => a + b));
        };
    }

    /// <summary>For each sample the logits of the teacher whose cross entropy with the label is the lowest.</summary>
    /// <param name="outputs">The logits of each teacher.</param>
    /// <param name="lesson">The lesson with labels [N].</param>
    public static Tensor BestPerSample(IReadOnlyList<Tensor> outputs, Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        var labels = lesson.LabelsFor(nameof(BestPerSample));
        return Stacked(outputs, all =>
        {
            var costs = stack(outputs.Select(output => nn.functional.cross_entropy(output, labels, reduction: nn.Reduction.None)), 0);
            var best = costs.argmin(0).reshape(1, -1, 1).expand(1, all.shape[1], all.shape[2]);
            return all.gather(0, best).squeeze(0);
        });
    }

    /// <summary>
    /// For each class the lowest of the logits after each teacher's logit of the label is set to 0 (Guo et al., "Online Knowledge
    /// Distillation via Collaborative Learning", CVPR 2020: MinLogit).
    /// </summary>
    /// <param name="outputs">The logits of each teacher.</param>
    /// <param name="lesson">The lesson with labels [N].</param>
    public static Tensor MinimumLogit(IReadOnlyList<Tensor> outputs, Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        var labels = lesson.LabelsFor(nameof(MinimumLogit));
        return Stacked(outputs, all =>
        {
            var own = all.gather(2, labels.reshape(1, -1, 1).expand(all.shape[0], all.shape[1], 1));
            return (all - own).amin([0L]);
        });
    }

    /// <summary>The logits of one teacher a step, drawn anew for each: a function of the seed and the step, so that a resumed run draws alike.</summary>
    /// <param name="seed">Any number.</param>
    public static Func<IReadOnlyList<Tensor>, Lesson, Tensor> RandomPick(long seed) =>
        (outputs, lesson) => outputs[new SampleRandom(seed, 0, lesson.Time.Step).NextInt32(outputs.Count)];

    /// <summary>Makes one tensor of logits of one shape, stacked to [teachers, N, C].</summary>
    internal static Tensor Stacked(IReadOnlyList<Tensor> outputs, Func<Tensor, Tensor> combine)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.FirstOrDefault(output => output.dim() != 2 || !output.shape.SequenceEqual(outputs[0].shape)) is { } other)
            throw new ArgumentException(
                $"Expected logits [N, C] of one shape; {outputs[0].ShapeText()} and {other.ShapeText()} came.", nameof(outputs));
        using var scope = NewDisposeScope();
        return combine(stack(outputs, 0)).MoveToOuterDisposeScope();
    }
}
