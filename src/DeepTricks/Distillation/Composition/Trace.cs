using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>What one pass through a network left: its output, and the tensors at the places that were tapped.</summary>
/// <remarks>The tensors belong to the dispose scope in which the pass ran.</remarks>
public sealed class Trace
{
    private readonly Dictionary<Tap, Tensor> _tapped;

    /// <summary>Puts a trace together.</summary>
    /// <param name="output">What the network returned.</param>
    /// <param name="tapped">The tensors at other places; none where null.</param>
    public Trace(Tensor output, IEnumerable<KeyValuePair<Tap, Tensor>>? tapped = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        _tapped = tapped?.ToDictionary() ?? [];
        _tapped[Tap.Output] = output;
    }

    /// <summary>What the network returned.</summary>
    public Tensor Output => _tapped[Tap.Output];

    /// <summary>The places of which there is a tensor, the output among them.</summary>
    public IReadOnlyCollection<Tap> Taps => _tapped.Keys;

    /// <summary>The tensor at a place.</summary>
    /// <param name="tap">The place.</param>
    /// <exception cref="KeyNotFoundException">The place was not tapped; the message names those that were.</exception>
    public Tensor this[Tap tap] => _tapped.TryGetValue(tap, out var found)
        ? found
        : throw new KeyNotFoundException($"There is no {tap} in this trace; there are: {string.Join(", ", _tapped.Keys)}.");

    /// <summary>Takes what a recorder heard, into the dispose scope of the caller.</summary>
    internal static Trace Take(LayerRecorder recorder, IEnumerable<Tap> taps, Tensor output) =>
        new(output, taps.Where(tap => tap != Tap.Output).Select(tap => KeyValuePair.Create(tap, recorder.Take(tap.Port))));

    /// <summary>The ports that have to be heard for these places.</summary>
    internal static LayerPort[] Ports(IEnumerable<Tap> taps) => [.. taps.Where(tap => tap != Tap.Output).Select(tap => tap.Port).Distinct()];

    internal void MoveToOuterDisposeScope()
    {
        foreach (var tensor in _tapped.Values.Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>()) tensor.MoveToOuterDisposeScope();
    }
}
