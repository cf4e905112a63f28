using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// A network that teaches and does not change: it runs without gradients and in evaluation mode, and is left in the mode in which it was.
/// It is no part of the student, of the optimiser or of a checkpoint.
/// </summary>
public sealed class FrozenTeacher : Teacher
{
    private readonly nn.Module _network;
    private readonly Func<Tensor, Tensor> _forward;
    private readonly FrozenPass _pass;
    private readonly HashSet<Tap> _taps = [];
    private LayerRecorder? _recorder;

    /// <summary>Makes a teacher of a network.</summary>
    /// <param name="network">The network; it stays the caller's.</param>
    public FrozenTeacher(nn.Module<Tensor, Tensor> network)
        : this(network, network is null ? null! : network.call)
    {
    }

    /// <summary>Makes a teacher of a network that takes or returns something else than one tensor, or another input than the student's.</summary>
    /// <param name="network">The network; it stays the caller's.</param>
    /// <param name="forward">Runs it, through <c>call</c>, on the input of a lesson.</param>
    public FrozenTeacher(nn.Module network, Func<Tensor, Tensor> forward)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(forward);
        (_network, _forward, _pass) = (network, forward, new(network));
    }

    /// <inheritdoc/>
    public override IEnumerable<nn.Module> Frozen => [_network];

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps)
    {
        ArgumentNullException.ThrowIfNull(taps);
        _taps.UnionWith(taps);
        _recorder?.Dispose();
        _recorder = null;
        _recorder = new(_network, Trace.Ports(_taps));
    }

    /// <inheritdoc/>
    public override Trace Teach(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        using var scope = NewDisposeScope();
        _recorder?.Begin();
        try
        {
            var output = _pass.Run(() => _forward(lesson.Input));
            if (ReferenceEquals(output, lesson.Input)) output = output.alias();
            var trace = _recorder is null ? new(output) : Trace.Take(_recorder, _taps, output);
            trace.MoveToOuterDisposeScope();
            return trace;
        }
        finally
        {
            _recorder?.Forget();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _recorder?.Dispose();
}
