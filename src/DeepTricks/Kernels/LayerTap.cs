using System.Runtime.CompilerServices;
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
        : this(model, layers, (name, layer, input, output) =>
        {
            heard(name, layer, input, output);
            return output;
        })
    {
    }

    /// <param name="model">The model; it is not changed but for the hooks.</param>
    /// <param name="layers">Names of <c>named_modules()</c>.</param>
    /// <param name="passOn">Is given the layer's name, itself, its input and its output, and returns what the model goes on with.</param>
    /// <exception cref="ArgumentException">A name is no layer's, or the layer does not take and return one tensor.</exception>
    internal LayerTap(nn.Module model, IEnumerable<string> layers, Func<string, nn.Module, Tensor, Tensor, Tensor> passOn)
    {
        // All names are looked at before the first hook is put on.
        foreach (var (name, layer) in layers.Zip(Find(model, layers, nameof(layers))).ToList())
        {
            var one = layer as nn.Module<Tensor, Tensor> ?? throw Plural(name, layer);
            var hook = one.register_forward_hook((_, input, output) => passOn(name, layer, input, output));
            _removers.Add(hook.remove);
        }
    }

    /// <param name="model">The model; it is not changed but for the hooks.</param>
    /// <param name="layers">What to hear. Layers may take up to three arguments and return a tensor, a tuple, a list or a dictionary of tensors.</param>
    /// <param name="heard">Is given each tensor, an input before its layer runs, and keeps none without a handle of its own.</param>
    /// <param name="single">Whether to accept such layers alone as take and return one tensor.</param>
    /// <exception cref="ArgumentException">A name is no layer's, or nothing can be heard of the layer.</exception>
    internal LayerTap(nn.Module model, IReadOnlyCollection<LayerPort> layers, Action<LayerPort, Tensor> heard, bool single = false)
    {
        var groups = layers.Distinct().GroupBy(port => port.Layer).ToList();
        foreach (var (group, layer) in groups.Zip(Find(model, groups.Select(group => group.Key), nameof(layers))).ToList())
        {
            var (inputs, outputs) = (Listener(group, true, heard), Listener(group, false, heard));
            switch (layer)
            {
                case nn.Module<Tensor, Tensor> one: Listen(one, inputs, outputs); break;
                case var _ when single: throw Plural(group.Key, layer);
                case nn.Module<Tensor, Tensor, Tensor> two: Listen(two, inputs, outputs); break;
                default: ListenToAny(layer, group.Key, inputs, outputs); break;
            }
        }
    }

    public void Dispose()
    {
        foreach (var remove in _removers) remove();
        _removers.Clear();
    }

    private static ArgumentException Plural(string name, nn.Module layer) =>
        new($"The layer '{name}' ({layer.GetName()}) does not take and return one tensor.", "layers");

    /// <summary>Layers by their names in <c>named_modules()</c>; the empty name is the model's own.</summary>
    /// <exception cref="ArgumentException">A name is no layer's.</exception>
    internal static List<nn.Module> Find(nn.Module model, IEnumerable<string> names, string parameter)
    {
        var modules = model.named_modules().ToDictionary(named => named.name, named => named.module);
        modules[string.Empty] = model;
        return [.. names.Select(name => modules.TryGetValue(name, out var module)
            ? module
            : throw new ArgumentException($"No layer is named '{name}'; there are: {string.Join(", ", modules.Keys.Where(one => one.Length > 0))}.", parameter))];
    }

    private static Action<object?>? Listener(IEnumerable<LayerPort> group, bool input, Action<LayerPort, Tensor> heard)
    {
        var ports = group.Where(port => port.IsInput == input).ToArray();
        return ports.Length == 0 ? null : value =>
        {
            foreach (var port in ports) heard(port, Item(value, port));
        };
    }

    private static Tensor Item(object? value, LayerPort port)
    {
        var item = value switch
        {
            Tensor tensor => port.Item == 0 ? tensor : null,
            ITuple tuple => port.Item < tuple.Length ? tuple[port.Item] as Tensor : null,
            IEnumerable<Tensor> list => list.ElementAtOrDefault(port.Item),
            IEnumerable<KeyValuePair<string, Tensor>> named => named.ElementAtOrDefault(port.Item).Value,
            _ => null,
        };
        return item ?? throw new InvalidOperationException(
            $"The layer '{port.Layer}' has no tensor {port.Item} among its {(port.IsInput ? "inputs" : "outputs")}; {value?.GetType().Name ?? "nothing"} came.");
    }

    private void ListenToAny(nn.Module layer, string name, Action<object?>? inputs, Action<object?>? outputs)
    {
        var type = layer.GetType();
        while (type is not null && !(type.IsGenericType && type.Namespace == typeof(nn).Namespace && type.Name.StartsWith("Module`", StringComparison.Ordinal)))
            type = type.BaseType;
        if (type?.GenericTypeArguments is not { Length: >= 2 and <= 4 } arguments)
            throw new ArgumentException($"The layer '{name}' ({layer.GetName()}) does not take one to three arguments.", nameof(layer));
        var listen = typeof(LayerTap).GetMethods(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)
            .Single(method => method.Name == nameof(Listen) && method.GetGenericArguments().Length == arguments.Length);
        listen.MakeGenericMethod(arguments).Invoke(this, [layer, inputs, outputs]);
    }

    private void Listen<T, TResult>(nn.Module<T, TResult> layer, Action<object?>? inputs, Action<object?>? outputs)
    {
        if (inputs is not null) _removers.Add(layer.register_forward_pre_hook((_, input) => { inputs(input); return input; }).remove);
        if (outputs is not null) _removers.Add(layer.register_forward_hook((_, _, output) => { outputs(output); return output; }).remove);
    }

    private void Listen<T1, T2, TResult>(nn.Module<T1, T2, TResult> layer, Action<object?>? inputs, Action<object?>? outputs)
    {
        if (inputs is not null) _removers.Add(layer.register_forward_pre_hook((_, a, b) => { inputs((a, b)); return null; }).remove);
        if (outputs is not null) _removers.Add(layer.register_forward_hook((_, _, _, output) => { outputs(output); return output; }).remove);
    }

    private void Listen<T1, T2, T3, TResult>(nn.Module<T1, T2, T3, TResult> layer, Action<object?>? inputs, Action<object?>? outputs)
    {
        if (inputs is not null) _removers.Add(layer.register_forward_pre_hook((_, a, b, c) => { inputs((a, b, c)); return null; }).remove);
        if (outputs is not null) _removers.Add(layer.register_forward_hook((_, _, _, _, output) => { outputs(output); return output; }).remove);
    }
}
