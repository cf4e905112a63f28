using DeepTricks.Kernels;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// A teacher that sees another modality of each sample than the student does: depth where the student sees colours, text where it hears (Gupta, Hoffman and Malik,
/// "Cross Modal Distillation for Supervision
/// Transfer", 2016). What it sees is looked up by the samples' indices, so that the data has one input, the student's.
/// </summary>
public sealed class PairedModalityTeacher : Teacher
{
    private readonly Teacher _teacher;
    private readonly Func<ReadOnlyMemory<long>, Tensor> _lookup;

    /// <summary>Looks the other modality up in a tensor.</summary>
    /// <param name="teacher">Who is shown it; this takes it over.</param>
    /// <param name="modality">[samples, ...], in the order of the dataset, where the teacher runs; it stays the caller's.</param>
    public PairedModalityTeacher(Teacher teacher, Tensor modality)
        : this(teacher, indices => modality.index_select(0, tensor(indices.ToArray(), device: modality.device))) => ArgumentNullException.ThrowIfNull(modality);

    /// <summary>Looks the other modality up by a function.</summary>
    /// <param name="teacher">Who is shown it; this takes it over.</param>
    /// <param name="lookup">Gives the rows of samples by their indices, on the teacher's device.</param>
    public PairedModalityTeacher(Teacher teacher, Func<ReadOnlyMemory<long>, Tensor> lookup)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(lookup);
        (_teacher, _lookup) = (teacher, lookup);
    }

    /// <inheritdoc/>
    public override IEnumerable<nn.Module> Frozen => _teacher.Frozen;

    /// <inheritdoc/>
    public override IEnumerable<Tap> StudentTaps => _teacher.StudentTaps;

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps) => _teacher.Prepare(taps);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The lesson has no indices, or the lookup gives another number of rows.</exception>
    public override Trace Teach(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        using var scope = NewDisposeScope();
        var rows = lesson.Input.shape[0];
        var other = _lookup(lesson.IndicesFor(nameof(PairedModalityTeacher)));
        if (other.dim() < 1 || other.shape[0] != rows)
        {
            throw new InvalidOperationException($"Expected a row of the other modality for each of {rows} samples; the shape is {other.ShapeText()}.");
        }

        var trace = _teacher.Teach(lesson with { Input = other });
        trace.MoveToOuterDisposeScope();
        return trace;
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state) => _teacher.SaveState(state);

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state) => _teacher.RestoreState(state);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _teacher.Dispose();
}
