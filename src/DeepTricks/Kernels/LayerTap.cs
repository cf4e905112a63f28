using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>Hears what chosen layers of a model take and return, by forward hooks on its modules; disposing takes them off.</summary>
internal sealed class LayerTap : IDisposable
{
    private readonly List<Action> _removers = [];

    /// <param name="model">The model; it is not changed but for the hooks.</param>
    /// <param name="layers">Names of <c>named_modules()</c>.</param>
    /// <param name="heard">Is given the layer's name, itself, its input and its output, and keeps neither without a handle of its own.</param>
    /// <exception cref="ArgumentException">A name is no layer's, or the layer does not take and return one tensor.</exception>
    internal LayerTap(nn.Module model, IEnumerable<string> layers, Action<string, nn.Module, Tensor, Tensor> heard)
    {
        var modules = model.named_modules().ToDictionary(named => named.name, named => named.module);
        // All names are looked at before the first hook is put on.
        foreach (var (name, layer) in layers.Select(name => (name, Find(name))).ToList())
        {
            var hook = layer.register_forward_hook((_, input, output) =>
            {
                heard(name, layer, input, output);
                return output;
            });
            _removers.Add(hook.remove);
        }

        nn.Module<Tensor, Tensor> Find(string name)
        {
            if (!modules.TryGetValue(name, out var module))
                throw new ArgumentException($"No layer is named '{name}'; there are: {string.Join(", ", modules.Keys)}.", nameof(layers));
            return module as nn.Module<Tensor, Tensor>
                ?? throw new ArgumentException($"The layer '{name}' ({module.GetName()}) does not take and return one tensor.", nameof(layers));
        }
    }

    public void Dispose()
    {
        foreach (var remove in _removers) remove();
        _removers.Clear();
    }
}
