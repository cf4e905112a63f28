using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Keeps what a classifier said of its old classes while it learns new ones (Li and Hoiem, "Learning without Forgetting", 2016): softened probabilities of the old
/// classes as the network before said them. Classes are in the order in which they came, old ones first.
/// </summary>
public sealed class LearningWithoutForgettingLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly LearningWithoutForgettingLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; <see cref="LearningWithoutForgettingLossOptions.Facil"/> where null.</param>
    public LearningWithoutForgettingLoss(LearningWithoutForgettingLossOptions? options = null)
        : base(nameof(LearningWithoutForgettingLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">[N, K], logits of all classes seen.</param>
    /// <param name="teacher">[N, L], logits of the L ≤ K old classes, from the network before.</param>
    /// <returns>A scalar, the mean over the batch.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher, _options);

    /// <summary>The loss of a batch.</summary>
    /// <inheritdoc cref="forward"/>
    /// <param name="student">[N, K], logits of all classes seen.</param>
    /// <param name="teacher">[N, L], logits of the L ≤ K old classes, from the network before.</param>
    /// <param name="options">The settings; <see cref="LearningWithoutForgettingLossOptions.Facil"/> where null.</param>
    public static Tensor Compute(Tensor student, Tensor teacher, LearningWithoutForgettingLossOptions? options = null)
    {
        options ??= LearningWithoutForgettingLossOptions.Facil;
        var old = IncrementalChecks.OldLogits(student, teacher);
        using var scope = NewDisposeScope();
        var (taught, teaching) = (student.narrow(1, 0, old), teacher.detach());
        var total = options.Tasks.Count == 0
            ? Of(taught, teaching, options)
            : ByTask(taught, teaching, options);
        return (options.SquaredTemperature ? total * (options.Temperature * options.Temperature) : total).MoveToOuterDisposeScope();
    }

    private static Tensor ByTask(Tensor student, Tensor teacher, LearningWithoutForgettingLossOptions options)
    {
        var old = student.size(1);
        if (options.Tasks.Sum() != old || options.Tasks.Any(classes => classes < 1))
        {
            throw new ArgumentException($"The tasks ({string.Join(", ", options.Tasks)}) do not make up the {old} old classes.", nameof(options));
        }

        var start = 0L;
        return options.Tasks.Select(classes =>
        {
            var part = Of(student.narrow(1, start, classes), teacher.narrow(1, start, classes), options) * (classes / (double)old);
            start += classes;
            return part;
        }).Aggregate((sum, part) => sum + part);
    }

    private static Tensor Of(Tensor student, Tensor teacher, LearningWithoutForgettingLossOptions options)
    {
        // softmax^(1/T), normalised again, is the softmax of logits / T.
        var target = (teacher / options.Temperature).softmax(1);
        var logarithm = (student / options.Temperature).log_softmax(1);
        if (options.Smoothing > 0)
        {
            logarithm = ((logarithm.exp() + (options.Smoothing / student.size(1))) / (1 + options.Smoothing)).log();
        }

        var costs = -(target * logarithm).sum(1);
        return (options.Divergence ? costs + (target * (teacher / options.Temperature).log_softmax(1)).sum(1) : costs).mean();
    }
}
