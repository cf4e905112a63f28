using DeepTricks.Checkpoints;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Route-constrained optimisation: a teacher's checkpoints from early to late, the anchors, teach one after the other, from easy to hard
/// (Jin et al., "Knowledge Distillation via Route Constrained Optimization", ICCV 2019). Which anchor teaches depends on nothing but the time of the lesson.
/// </summary>
public sealed class AnchorTeacher : Teacher
{
    private const string TrainerPrefix = "model.";
    private readonly nn.Module _network;
    private readonly FrozenTeacher _teacher;
    private readonly (Duration Start, string Path)[] _anchors;
    private int _loaded = -1;

    /// <summary>Makes a teacher.</summary>
    /// <param name="network">A network of the teacher's shape, whose weights are overwritten; it stays the caller's.</param>
    /// <param name="anchors">
    /// The file of each checkpoint, of the Trainer, safetensors or PyTorch, with the moment from which it teaches, in their order; the first is 0.
    /// </param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public AnchorTeacher(nn.Module<Tensor, Tensor> network, params IReadOnlyList<(Duration Start, string Path)> anchors)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(anchors);
        if (anchors.Count == 0) throw new ArgumentException("Expected at least one anchor.", nameof(anchors));
        (_network, _teacher, _anchors) = (network, new(network), [.. anchors]);
    }

    /// <inheritdoc/>
    public override IEnumerable<nn.Module> Frozen => [_network];

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps) => _teacher.Prepare(taps);

    /// <inheritdoc/>
    public override Trace Teach(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        var anchor = Math.Max(0, Array.FindLastIndex(_anchors, one => lesson.Time.StepsOf(one.Start) <= lesson.Time.Step));
        if (anchor != _loaded)
        {
            Load(_anchors[anchor].Path);
            _loaded = anchor;
        }
        return _teacher.Teach(lesson);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _teacher.Dispose();

    private void Load(string path)
    {
        using var scope = NewDisposeScope();
        using var file = CheckpointFile.Open(path);
        var tensors = file.ReadAll();
        StateCopy.Fill(_network, name => tensors.GetValueOrDefault(name) ?? tensors.GetValueOrDefault(TrainerPrefix + name)
            ?? throw new InvalidDataException($"{path} has no \"{name}\": it is of another network."));
    }
}
