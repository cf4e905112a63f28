using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>Holds what a layer gave in the last forward pass that had gradients; passes without leave nothing.</summary>
internal sealed class FeatureTap : IDisposable
{
    private readonly LayerPort _port;
    private readonly LayerRecorder _recorder;

    internal FeatureTap(nn.Module model, string layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layer);
        _port = new(layer);

        // Copies: an activation that works in place, as those of the backbones do, overwrites the layer's output.
        _recorder = new(model, [_port], copy: true, single: true, when: () => is_grad_enabled() || WithoutGradients);
        _recorder.Begin();
    }

    /// <summary>The name of the layer.</summary>
    internal string Layer => _port.Layer;

    /// <summary>Whether passes without gradients are heard as well.</summary>
    internal bool WithoutGradients { get; set; }

    /// <summary>The features, in the caller's dispose scope; they are forgotten here.</summary>
    /// <exception cref="InvalidOperationException">There are none since they were last taken.</exception>
    internal Tensor Take() => _recorder.Holds(_port)
        ? _recorder.Take(_port)
        : throw new InvalidOperationException($"The layer '{Layer}' has not run through call() with gradients since its features were taken.");

    /// <summary>Drops the features of a pass that is to cost nothing.</summary>
    internal void Forget() => _recorder.Begin();

    public void Dispose() => _recorder.Dispose();
}
