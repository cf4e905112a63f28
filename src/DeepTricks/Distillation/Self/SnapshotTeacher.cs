using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Snapshot distillation: training goes in cycles of the learning rate, and the network as it was at the end of a cycle teaches the next one
/// (Yang, Xie, Su and Yuille, "Snapshot Distillation: Teacher-Student Optimization in One Generation", CVPR 2019).
/// </summary>
/// <remarks>In the first cycle the student teaches itself; give the term <see cref="Weight"/>, which is 0 there. The time comes with the lesson. A checkpoint holds the snapshot.</remarks>
public sealed class SnapshotTeacher : Teacher
{
    private readonly nn.Module _student;
    private readonly nn.Module<Tensor, Tensor> _snapshot;
    private readonly FrozenTeacher _teacher;
    private readonly Duration _cycle;
    private long _taken;

    /// <summary>Makes a teacher.</summary>
    /// <param name="student">The network in training; it stays the caller's.</param>
    /// <param name="snapshot">A network of the same shape, whose weights do not matter; this disposes of it.</param>
    /// <param name="cycle">The length of a cycle.</param>
    public SnapshotTeacher(nn.Module student, nn.Module<Tensor, Tensor> snapshot, Duration cycle)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(snapshot);
        (_student, _snapshot, _teacher, _cycle) = (student, snapshot, new(snapshot), cycle);
    }

    /// <inheritdoc/>
    public override IEnumerable<nn.Module> Frozen => [_snapshot];

    /// <summary>The learning rate's factor: half a cosine from 1 to 0 in each cycle, for a <see cref="LearningRateSchedule"/>.</summary>
    /// <param name="cycle">The length of a cycle.</param>
    public static Schedule LearningRate(Duration cycle) => Schedule.Of(time =>
    {
        var length = Math.Max(1, time.StepsOf(cycle));
        return (1 + Math.Cos(Math.PI * (time.Step % length) / length)) / 2;
    });

    /// <summary>A weight that is 0 until there is a snapshot.</summary>
    /// <param name="cycle">The length of a cycle.</param>
    /// <param name="weight">The weight from then on.</param>
    public static Schedule Weight(Duration cycle, double weight) => Schedule.Of(time => time.Step < Math.Max(1, time.StepsOf(cycle)) ? 0 : weight);

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps)
    {
        ArgumentNullException.ThrowIfNull(taps);
        if (taps.FirstOrDefault(tap => tap != Tap.Output) is { } other)
            throw new ArgumentException($"There is no {other} before the first snapshot: it teaches by its output alone.", nameof(taps));
    }

    /// <inheritdoc/>
    public override Trace Teach(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        var cycle = lesson.Time.Step / Math.Max(1, lesson.Time.StepsOf(_cycle));
        if (cycle > _taken)
        {
            StateCopy.Copy(_student, _snapshot);
            _taken = cycle;
        }
        return _taken == 0 ? new(lesson.Student.Output.detach()) : _teacher.Teach(lesson);
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("taken", _taken);
        if (_taken > 0) ModuleState.Save(state.Section("snapshot"), "", _snapshot);
    }

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _taken = state.GetInt64("taken");
        if (_taken > 0) ModuleState.Restore(state.Section("snapshot"), "", _snapshot);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _teacher.Dispose();
        _snapshot.Dispose();
    }
}
