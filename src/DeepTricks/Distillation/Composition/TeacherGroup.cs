using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Several teachers as one. Its output combines theirs; a place in a member has the member's name before it: <c>"large/layer3"</c>, and
/// <c>Tap.Output.In("large")</c> for the member's own output.
/// </summary>
public sealed class TeacherGroup : Teacher
{
    private readonly List<KeyValuePair<string, Teacher>> _members;
    private readonly Func<IReadOnlyList<Tensor>, Lesson, Tensor> _combine;

    /// <summary>Makes a group.</summary>
    /// <param name="members">The teachers by name, in the order in which their outputs are combined. The group disposes of them.</param>
    /// <param name="combine">Makes one output of the members' (see <see cref="TeacherCombination"/>); the mean of the logits where null.</param>
    /// <exception cref="ArgumentException">There is none, or a name comes twice, is empty or has a slash.</exception>
    public TeacherGroup(IEnumerable<KeyValuePair<string, Teacher>> members, Func<IReadOnlyList<Tensor>, Lesson, Tensor>? combine = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        _members = [.. members];
        _combine = combine ?? TeacherCombination.MeanOfLogits;
        if (_members.Count == 0) throw new ArgumentException("Expected at least one teacher.", nameof(members));
        if (_members.FirstOrDefault(member => member.Key.Length == 0 || member.Key.Contains('/')).Key is { } odd)
            throw new ArgumentException($"Expected a name without a slash; '{odd}' came.", nameof(members));
        if (_members.GroupBy(member => member.Key).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The name '{twice.Key}' comes twice.", nameof(members));
    }

    /// <inheritdoc/>
    public override IEnumerable<nn.Module> Frozen => _members.SelectMany(member => member.Value.Frozen);

    /// <inheritdoc/>
    public override IEnumerable<Tap> StudentTaps => _members.SelectMany(member => member.Value.StudentTaps);

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps)
    {
        ArgumentNullException.ThrowIfNull(taps);
        var split = taps.Where(tap => tap != Tap.Output).Select(tap => tap.Split()
            ?? throw new ArgumentException($"The {tap} is in none of the teachers; put a name before it, as in '{_members[0].Key}/{tap.Layer}'.", nameof(taps))).ToList();
        if (split.FirstOrDefault(one => _members.TrueForAll(member => member.Key != one.Member)).Member is { } stranger)
            throw new ArgumentException($"No teacher is named '{stranger}'; there are: {string.Join(", ", _members.Select(member => member.Key))}.", nameof(taps));
        foreach (var (name, teacher) in _members)
            teacher.Prepare([.. split.Where(one => one.Member == name).Select(one => one.Tap)]);
    }

    /// <inheritdoc/>
    public override Trace Teach(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var traces = _members.ConvertAll(member => (member.Key, Trace: member.Value.Teach(lesson)));
        var output = _combine([.. traces.Select(one => one.Trace.Output)], lesson);
        if (traces.Exists(one => ReferenceEquals(one.Trace.Output, output))) output = output.alias();
        var trace = new Trace(output, traces.SelectMany(one => one.Trace.Taps.Select(tap => KeyValuePair.Create(tap.In(one.Key), one.Trace[tap]))));
        trace.MoveToOuterDisposeScope();
        return trace;
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (var (name, teacher) in _members) teacher.SaveState(state.Section(name));
    }

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (var (name, teacher) in _members) teacher.RestoreState(state.Section(name));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var (_, teacher) in _members) teacher.Dispose();
    }
}
