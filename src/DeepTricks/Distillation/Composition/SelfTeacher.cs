using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The student as its own teacher: deeper layers teach shallower ones, of the same pass. Nothing flows back into the teaching side.</summary>
public sealed class SelfTeacher : Teacher
{
    private readonly HashSet<Tap> _taps = [];

    /// <inheritdoc/>
    public override IEnumerable<Tap> StudentTaps => _taps;

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps)
    {
        ArgumentNullException.ThrowIfNull(taps);
        _taps.UnionWith(taps);
    }

    /// <inheritdoc/>
    public override Trace Teach(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        return new(lesson.Student.Output.detach(), _taps.Where(tap => tap != Tap.Output).Select(tap => KeyValuePair.Create(tap, lesson.Student[tap].detach())));
    }
}
