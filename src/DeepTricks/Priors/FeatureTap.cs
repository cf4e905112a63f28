using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>Holds what a layer gave in the last forward pass that had gradients; passes without leave nothing.</summary>
internal sealed class FeatureTap : IDisposable
{
    private readonly LayerTap _tap;
    private Tensor? _features;

    internal FeatureTap(nn.Module model, string layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layer);
        Layer = layer;
        _tap = new(model, [layer], (_, _, _, output) =>
        {
            if (!is_grad_enabled() && !WithoutGradients)
            {
                return;
            }

            // A copy: an activation that works in place, as those of the backbones do, overwrites the layer's output.
            Forget();
            _features = output.clone().DetachFromDisposeScope();
        });
    }

    /// <summary>The name of the layer.</summary>
    internal string Layer { get; }

    /// <summary>Whether passes without gradients are heard as well.</summary>
    internal bool WithoutGradients { get; set; }

    /// <summary>The features, in the caller's dispose scope; they are forgotten here.</summary>
    internal Tensor Take()
    {
        if (_features is null)
        {
            throw new InvalidOperationException($"The layer '{Layer}' has not run through call() with gradients since its features were taken.");
        }

        var taken = _features.alias();
        Forget();
        return taken;
    }

    /// <summary>Drops the features of a pass that is to cost nothing.</summary>
    internal void Forget()
    {
        _features?.Dispose();
        _features = null;
    }

    public void Dispose()
    {
        _tap.Dispose();
        Forget();
    }
}
