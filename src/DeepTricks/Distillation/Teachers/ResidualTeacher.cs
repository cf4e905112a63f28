using DeepTricks.Kernels;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Teaches what is left to learn: what a teacher says minus what a student, or a student and its assistants, say already, at every place that is asked for. An assistant that learns this
/// is added to the student where both are used (<see cref="NetworkSum"/>; Gao, Wang and Wan, "Residual Error Based Knowledge Distillation", 2020).
/// </summary>
/// <remarks>All of them are frozen while the assistant learns.</remarks>
public sealed class ResidualTeacher : Teacher
{
    private readonly Teacher _whole;
    private readonly IReadOnlyList<Teacher> _parts;

    /// <summary>Makes a teacher of what is left.</summary>
    /// <param name="whole">The teacher; this owns it.</param>
    /// <param name="parts">Who says a part of it already: the student, then assistants; this owns them. At least one.</param>
    /// <exception cref="ArgumentException">There is no part.</exception>
    public ResidualTeacher(Teacher whole, params IReadOnlyList<Teacher> parts)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
        {
            throw new ArgumentException("Expected at least one teacher whose part is taken off.", nameof(parts));
        }

        (_whole, _parts) = (whole, parts);
    }

    /// <inheritdoc/>
    public override IEnumerable<nn.Module> Frozen => All.SelectMany(teacher => teacher.Frozen);

    /// <inheritdoc/>
    public override IEnumerable<Tap> StudentTaps => All.SelectMany(teacher => teacher.StudentTaps);

    private IEnumerable<Teacher> All => _parts.Prepend(_whole);

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps)
    {
        foreach (var teacher in All)
        {
            teacher.Prepare(taps);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">At a place a part has another shape than the whole.</exception>
    public override Trace Teach(Lesson lesson)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var left = _whole.Teach(lesson);
        foreach (var part in _parts)
        {
            var said = part.Teach(lesson);
            left = new(Difference(left, said, Tap.Output), left.Taps.Where(tap => tap != Tap.Output).Select(tap => KeyValuePair.Create(tap, Difference(left, said, tap))));
        }

        left.MoveToOuterDisposeScope();
        return left;
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state) => Each((teacher, name) => teacher.SaveState(state.Section(name)));

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state) => Each((teacher, name) => teacher.RestoreState(state.Section(name)));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Each((teacher, _) => teacher.Dispose());

    private static Tensor Difference(Trace whole, Trace part, Tap tap) => whole[tap].shape.SequenceEqual(part[tap].shape)
        ? whole[tap] - part[tap]
        : throw new InvalidOperationException($"The {tap} has the shape {whole[tap].ShapeText()} of the teacher and {part[tap].ShapeText()} of a part.");

    private void Each(Action<Teacher, string> act)
    {
        var i = 0;
        foreach (var teacher in All)
        {
            act(teacher, $"{i++}");
        }
    }
}
