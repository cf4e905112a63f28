using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>Keeps what passes through chosen ports of a model from <see cref="Begin"/> on, until it is taken. It serves one thread at a time.</summary>
internal sealed class LayerRecorder : IDisposable
{
    private readonly Dictionary<LayerPort, Tensor> _caught = [];
    private readonly LayerTap _tap;
    private readonly bool _copy;
    private readonly Func<bool>? _when;
    private bool _listening;

    /// <param name="model">The model; it is not changed but for the hooks.</param>
    /// <param name="ports">What to keep.</param>
    /// <param name="copy">Whether to keep copies, which what works in place afterwards does not overwrite.</param>
    /// <param name="single">Whether to accept such layers alone as take and return one tensor.</param>
    /// <param name="when">Whether a pass is heard, asked as it runs; each is where null.</param>
    internal LayerRecorder(nn.Module model, IReadOnlyCollection<LayerPort> ports, bool copy = true, bool single = false, Func<bool>? when = null)
    {
        (_copy, _when) = (copy, when);
        _tap = new(model, ports, Catch, single);
    }

    /// <summary>Forgets what there is, and listens.</summary>
    internal void Begin()
    {
        Forget();
        _listening = true;
    }

    /// <summary>Whether something came and was not taken yet.</summary>
    internal bool Holds(LayerPort port) => _caught.ContainsKey(port);

    /// <summary>Hands out what came, into the dispose scope of the caller. Where a layer ran several times, the last one counts.</summary>
    /// <exception cref="InvalidOperationException">Nothing came since <see cref="Begin"/>.</exception>
    internal Tensor Take(LayerPort port)
    {
        if (!_caught.Remove(port, out var found))
            throw new InvalidOperationException($"The layer '{port.Layer}' did not run through call().");
        using var scope = NewDisposeScope();
        scope.Attach(found);
        return found.MoveToOuterDisposeScope();
    }

    /// <summary>Stops listening and drops what nobody took.</summary>
    internal void Forget()
    {
        _listening = false;
        foreach (var tensor in _caught.Values) tensor.Dispose();
        _caught.Clear();
    }

    public void Dispose()
    {
        _tap.Dispose();
        Forget();
    }

    private void Catch(LayerPort port, Tensor tensor)
    {
        if (!_listening || _when?.Invoke() == false) return;
        // A handle of its own, and out of the scopes of the modules, which dispose of what passes between their layers.
        var kept = (_copy ? tensor.clone() : tensor.alias()).DetachFromDisposeScope();
        if (_caught.Remove(port, out var earlier)) earlier.Dispose();
        _caught.Add(port, kept);
    }
}
