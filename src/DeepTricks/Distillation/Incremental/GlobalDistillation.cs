using DeepTricks.Kernels;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Global distillation for class-incremental learning with unlabelled data beside (Lee et al., "Overcoming Catastrophic Forgetting with Unlabeled Data in the Wild",
/// 2019): from P, the network before, over all its classes at once; from C, a teacher of the new classes alone; and, on external data, from Q, both put together.
/// Classes are in the order in which they came, old ones first.
/// </summary>
/// <remarks>
/// A weight for each sample, where given, balances classes. Labels of external samples are <see cref="External"/>. Batches of external samples alone, or without any, are fine.
/// </remarks>
public static class GlobalDistillation
{
    /// <summary>−1, the label of a sample that is of no class known.</summary>
    public const long External = -1;

    private const string PreviousName = "previous", CurrentName = "current";

    /// <summary>
    /// What P and C say together of an external sample: the largest probability of P stays, what is left of 1 is spread as P and C do, so that each class but the
    /// largest has its share.
    /// </summary>
    /// <param name="previous">[N, L], probabilities of P.</param>
    /// <param name="current">[N, M], probabilities of C over the new classes.</param>
    /// <returns>[N, L + M], each row of sum 1.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public static Tensor Ensemble(Tensor previous, Tensor current)
    {
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(current);
        if (previous.dim() != 2 || current.dim() != 2 || previous.size(0) != current.size(0) || previous.dtype != current.dtype)
        {
            throw new ArgumentException(
                $"Expected probabilities [N, L] and [N, M] of one type; the shapes are {previous.ShapeText()} and {current.ShapeText()}.", nameof(current));
        }

        LogitChecks.SameDevice(previous, current, nameof(current));
        using var scope = NewDisposeScope();
        var (old, added) = (previous.size(1), current.size(1));
        double others = old + added - 1;
        var (largest, at) = previous.max(1, keepdim: true);
        var kept = (previous * ((old - 1) / others)).scatter(1, at, largest);
        return cat([kept, current * ((1 - largest) * (added / others))], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The terms of a batch: "classification", "ensemble", "previous" and "current".</summary>
    /// <param name="student">[N, L + M], logits.</param>
    /// <param name="previous">[N, L], logits of P.</param>
    /// <param name="current">[N, M], logits of C.</param>
    /// <param name="labels">[N], int64: a class, or <see cref="External"/>.</param>
    /// <param name="options">The settings; the authors' where null.</param>
    /// <param name="weights">[N], of the student's type: a weight for each sample; 1 where null.</param>
    /// <returns>Terms whose sum is the loss.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit, or a label is no class.</exception>
    public static IReadOnlyList<LossTerm> Terms(Tensor student, Tensor previous, Tensor current, Tensor labels, GlobalDistillationOptions? options = null, Tensor? weights = null)
    {
        options ??= new();
        var old = IncrementalChecks.OldLogits(student, previous, nameof(previous));
        var added = student.size(1) - old;
        if (IncrementalChecks.OldLogits(student, current, nameof(current)) != added)
        {
            throw new ArgumentException(
                $"Expected logits of {added} new classes behind {old} old ones of {student.size(1)}; the shape is {current.ShapeText()}.", nameof(current));
        }

        CheckRows(student, labels, weights);
        using var scope = NewDisposeScope();
        var rows = weights ?? ones(student.size(0), dtype: student.dtype, device: student.device);
        var external = labels.eq(External).to(student.dtype);
        var hard = nn.functional.cross_entropy(student, labels, ignore_index: External, reduction: nn.Reduction.None);
        var heat = options.EnsembleTemperature;
        var target = Ensemble((previous.detach() / heat).softmax(1), (current.detach() / heat).softmax(1));
        var soft = nn.functional.kl_div((student / heat).log_softmax(1), target, reduction: nn.Reduction.None, log_target: false).sum(1);
        return
        [
            Term("classification", (hard * rows).mean(), 1),
            Term("ensemble", (soft * rows * external).mean(), heat * heat * options.DistillationWeight),
            Term("previous", Distance(student.narrow(1, 0, old), previous, rows, options), Scale(old)),
            Term("current", Distance(student.narrow(1, old, added), current, rows, options), Scale(added)),
        ];

        double Scale(long classes) => options.Temperature * options.Temperature * options.DistillationWeight * classes / student.size(1);

        static LossTerm Term(string name, Tensor value, double weight) => new(name, value.MoveToOuterDisposeScope(), weight);
    }

    /// <summary>
    /// The terms that train C, the teacher of the new classes: "classification" on samples of these, and "confidence" on all others, whose probabilities are to be even.
    /// </summary>
    /// <param name="current">[N, M], logits of C.</param>
    /// <param name="labels">[N], int64: the class among the new ones, from 0, or <see cref="External"/> for any other sample.</param>
    /// <param name="options">The settings; the authors' where null.</param>
    /// <returns>Terms whose sum is the loss.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit, or a label is no class.</exception>
    public static IReadOnlyList<LossTerm> CurrentTeacherTerms(Tensor current, Tensor labels, GlobalDistillationOptions? options = null)
    {
        options ??= new();
        IncrementalChecks.OldLogits(current, current, nameof(current));
        CheckRows(current, labels, null);
        using var scope = NewDisposeScope();
        var others = labels.eq(External).to(current.dtype);
        var hard = nn.functional.cross_entropy(current, labels, ignore_index: External, reduction: nn.Reduction.Sum) / (1 - others).sum().clamp_min(1);
        var uneven = -(current.log_softmax(1).mean([1]) + Math.Log(current.size(1)));
        return
        [
            new("classification", hard.MoveToOuterDisposeScope()),
            new("confidence", ((uneven * others).sum() / others.sum().clamp_min(1)).MoveToOuterDisposeScope(), options.ConfidenceWeight),
        ];
    }

    /// <summary>P and C as one teacher, whose output is that of P.</summary>
    /// <param name="previous">P; the group takes it over.</param>
    /// <param name="current">C; the group takes it over.</param>
    public static TeacherGroup Teachers(Teacher previous, Teacher current) =>
        new(new Dictionary<string, Teacher> { [PreviousName] = previous, [CurrentName] = current }, (outputs, _) => outputs[0]);

    /// <summary>All terms, summed, for a <see cref="Distiller"/> whose teacher is <see cref="Teachers"/>; it needs labels.</summary>
    /// <param name="options">The settings; the authors' where null.</param>
    public static TransferTerm Transfer(GlobalDistillationOptions? options = null)
    {
        var (previous, current) = (Tap.Output.In(PreviousName), Tap.Output.In(CurrentName));
        return TransferTerm.Of("global-distillation", Sum, teacher: [previous, current]);

        Tensor Sum(Trace student, Trace teachers, Lesson lesson)
        {
            var terms = Terms(student.Output, teachers[previous], teachers[current], lesson.LabelsFor(nameof(GlobalDistillation)), options);
            return terms.Select(term => term.Value * term.Weight).Aggregate((sum, one) => sum + one);
        }
    }

    private static Tensor Distance(Tensor student, Tensor teacher, Tensor weights, GlobalDistillationOptions options)
    {
        var target = (teacher.detach() / options.Temperature).softmax(1);
        var costs = nn.functional.kl_div((student / options.Temperature).log_softmax(1), target, reduction: nn.Reduction.None, log_target: false);
        return (costs.sum(1) * weights).mean();
    }

    private static void CheckRows(Tensor logits, Tensor labels, Tensor? weights)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.dtype != ScalarType.Int64 || labels.dim() != 1 || labels.size(0) != logits.size(0))
        {
            throw new ArgumentException($"Expected labels [{logits.size(0)}] of type Int64; the shape is {labels.ShapeText()}, the type {labels.dtype}.", nameof(labels));
        }

        LogitChecks.SameDevice(logits, labels, nameof(labels));
        Losses.SoftTargetChecks.CheckRange(labels, logits.size(1), External);
        if (weights is not null && (weights.dim() != 1 || weights.size(0) != logits.size(0) || weights.dtype != logits.dtype))
        {
            throw new ArgumentException($"Expected weights [{logits.size(0)}] of type {logits.dtype}; the shape is {weights.ShapeText()}, the type {weights.dtype}.", nameof(weights));
        }
    }
}
