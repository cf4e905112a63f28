using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Corrects the probabilities of a teacher where its most probable class is not the label
/// (Wen et al., "Preparing Lessons: Improve Knowledge Distillation with Better Supervision", 2019).
/// </summary>
/// <remarks>The functions give targets for <see cref="KnowledgeDistillationLoss.ComputeTowards"/>.</remarks>
public static class KnowledgeAdjustment
{
    /// <summary>Probability shift: where the teacher is wrong, its highest probability and the label's are exchanged.</summary>
    /// <param name="teacher">[N, K], logits of a floating type.</param>
    /// <param name="labels">[N], int64.</param>
    /// <param name="temperature">T, what softens the teacher.</param>
    /// <returns>[N, K], probabilities.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Shift(Tensor teacher, Tensor labels, double temperature = KnowledgeDistillationLossOptions.DefaultTemperature) =>
        Shift(teacher, labels, temperature, overwrite: false);

    /// <summary>The same, or as KD_Lib's code does it: the highest probability becomes that of the label, which stays as it was.</summary>
    internal static Tensor Shift(Tensor teacher, Tensor labels, double temperature, bool overwrite)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (p, best, label) = Read(teacher, labels, temperature);
        // Where both are one class the two writes are of the same number.
        var (highest, own) = (p.gather(1, best), p.gather(1, label));
        return p.scatter(1, best, own).scatter_(1, label, overwrite ? own : highest).MoveToOuterDisposeScope();
    }

    /// <summary>Label smoothing: where the teacher is wrong, its probabilities give way to those of a smoothed label.</summary>
    /// <param name="teacher">[N, K], logits of a floating type.</param>
    /// <param name="labels">[N], int64.</param>
    /// <param name="temperature">T, what softens the teacher.</param>
    /// <param name="correctProbability">What the smoothed label gives to the class itself, the others sharing the rest; 0.9 by default, as in KD_Lib.</param>
    /// <returns>[N, K], probabilities.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Smooth(
        Tensor teacher, Tensor labels, double temperature = KnowledgeDistillationLossOptions.DefaultTemperature,
        double correctProbability = KnowledgeAdjustmentLossOptions.DefaultCorrectProbability)
    {
        LogitChecks.Probability(correctProbability);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (p, best, label) = Read(teacher, labels, temperature);
        var smooth = full_like(p, (1 - correctProbability) / (p.shape[1] - 1)).scatter_(1, label, full_like(label, correctProbability, p.dtype));
        return where(best.eq(label), p, smooth).MoveToOuterDisposeScope();
    }

    private static (Tensor Probabilities, Tensor Best, Tensor Label) Read(Tensor teacher, Tensor labels, double temperature)
    {
        LogitChecks.Logits(teacher, teacher, classes: 2);
        if (teacher.dim() != 2)
        {
            throw new ArgumentException($"Expected logits of shape [N, K]; the shape is {teacher.ShapeText()}.", nameof(teacher));
        }

        LogitChecks.Labels(labels, teacher);
        LogitChecks.Positive(temperature);
        var p = nn.functional.softmax(teacher.detach() / temperature, 1);
        return (p, p.argmax(1, keepdim: true), labels.unsqueeze(1));
    }
}
