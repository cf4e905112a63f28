using DeepTricks.Checkpoints;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Co-distillation: several processes train a network each and learn from the mean prediction of stale copies of the others, which they exchange through a folder
/// (Anil et al., "Large scale distributed neural network training through online distillation", ICLR 2018).
/// </summary>
/// <remarks>
/// Every interval a process writes its weights as "name.peer.safetensors", whole or not at all, and reads those of all others that there are. Nobody waits for anybody; a process that
/// dies or comes late leaves the rest as they are. Before the burn-in, or alone, the student teaches itself, which gives no gradient. The time comes with the lesson.
/// A checkpoint holds the copies, so that a resumed run goes on with the same ones.
/// </remarks>
public sealed class CodistillationTeacher : Teacher
{
    private const string Extension = ".peer.safetensors";
    private readonly nn.Module _student;
    private readonly string _folder;
    private readonly string _name;
    private readonly Func<nn.Module<Tensor, Tensor>> _make;
    private readonly CodistillationOptions _options;
    private readonly SortedDictionary<string, (nn.Module<Tensor, Tensor> Network, FrozenTeacher Teacher)> _copies = new(StringComparer.Ordinal);
    private long _exchanged = -1;

    /// <summary>Makes the teacher of one process.</summary>
    /// <param name="student">The network of this process; it stays the caller's.</param>
    /// <param name="folder">The folder that all processes share.</param>
    /// <param name="name">The name of this process, different from the others'.</param>
    /// <param name="make">Makes a network of the others' shape, whose weights do not matter; the teacher disposes of it.</param>
    /// <param name="options">When copies are exchanged.</param>
    public CodistillationTeacher(nn.Module student, string folder, string name, Func<nn.Module<Tensor, Tensor>> make, CodistillationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(make);
        if (name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars())) throw new ArgumentException($"\"{name}\" cannot be the name of a file.", nameof(name));
        (_student, _folder, _name, _make, _options) = (student, folder, name, make, options ?? new());
        Directory.CreateDirectory(folder);
    }

    /// <summary>The processes of which there is a copy.</summary>
    public IReadOnlyCollection<string> Others => _copies.Keys;

    /// <inheritdoc/>
    public override IEnumerable<nn.Module> Frozen => _copies.Values.Select(copy => copy.Network);

    /// <summary>Writes this process's weights and reads the others', now.</summary>
    public void Exchange()
    {
        SafeTensors.Save(Path.Combine(_folder, _name + Extension), _student.state_dict());
        foreach (var file in Directory.GetFiles(_folder, "*" + Extension))
        {
            var name = Path.GetFileName(file)[..^Extension.Length];
            if (name == _name) continue;
            using var content = SafeTensors.Load(file);
            StateCopy.Fill(Copy(name), key => content.Tensors.TryGetValue(key, out var tensor)
                ? tensor
                : throw new InvalidDataException($"{file} has no \"{key}\": the network of {name} is another one."));
        }
    }

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps)
    {
        ArgumentNullException.ThrowIfNull(taps);
        if (taps.FirstOrDefault(tap => tap != Tap.Output) is { } other)
            throw new ArgumentException($"The other processes teach by their mean prediction alone, not by the {other}.", nameof(taps));
    }

    /// <inheritdoc/>
    public override Trace Teach(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        var step = lesson.Time.Step;
        if (step % _options.Interval == 0 && step != _exchanged)
        {
            Exchange();
            _exchanged = step;
        }
        if (step < _options.BurnIn || _copies.Count == 0) return new(lesson.Student.Output.detach());
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        Tensor[] said = [.. _copies.Values.Select(copy => copy.Teacher.Teach(lesson).Output)];
        return new(TeacherCombination.MeanOfProbabilities()(said, lesson).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("exchanged", _exchanged);
        state.Set("others", string.Join('/', _copies.Keys));
        foreach (var (name, copy) in _copies) ModuleState.Save(state.Section(name), "", copy.Network);
    }

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _exchanged = state.GetInt64("exchanged");
        DropCopies();
        foreach (var name in state.GetString("others").Split('/', StringSplitOptions.RemoveEmptyEntries))
            ModuleState.Restore(state.Section(name), "", Copy(name));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => DropCopies();

    private nn.Module<Tensor, Tensor> Copy(string name)
    {
        if (_copies.TryGetValue(name, out var copy)) return copy.Network;
        var network = _make();
        _copies.Add(name, (network, new(network)));
        return network;
    }

    private void DropCopies()
    {
        foreach (var (network, teacher) in _copies.Values)
        {
            teacher.Dispose();
            network.Dispose();
        }
        _copies.Clear();
    }
}
