using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Has a student learn with the rounding that its weights and activations will have as 8-bit integers: its linear layers and convolutions compute with
/// rounded weights and inputs, and gradients pass straight through (Jacob et al., "Quantization and Training of Neural Networks for Efficient
/// Integer-Arithmetic-Only Inference", CVPR 2018; equal to PyTorch's fake quantisation).
/// </summary>
/// <remarks>
/// <para>
/// The student stays itself: no layer is replaced, and its state dict and parameters are what they were; hooks give its layers other results until
/// <see cref="IDisposable.Dispose"/>. It goes with every distillation, as the student is an ordinary module. A layer's plain result is computed first and
/// dropped, which costs one more pass of these layers forward and nothing backward.
/// </para>
/// <para>
/// Ranges of activations are taken in while a layer is in training mode, and at its first batch; they are this module's state dict. Weights' scales come from
/// the weights as they are.
/// </para>
/// </remarks>
public sealed class QuantizationAware : nn.Module
{
    private readonly QuantizationOptions _options;
    private readonly List<(string Name, nn.Module<Tensor, Tensor> Layer, ActivationObserver? Observer)> _layers = [];
    private readonly List<Action> _removers = [];

    /// <summary>Starts rounding in a student's layers.</summary>
    /// <param name="student">The student, which keeps its names, parameters and modes.</param>
    /// <param name="options">The settings; 8 bits with moving averages where null.</param>
    /// <exception cref="ArgumentException">A name is no layer's, or a layer cannot be quantised.</exception>
    public QuantizationAware(nn.Module student, QuantizationOptions? options = null)
        : base(nameof(QuantizationAware))
    {
        ArgumentNullException.ThrowIfNull(student);
        _options = options ?? new();
        foreach (var (name, layer) in Choose(student, _options))
        {
            var observer = _options.Activations ? new ActivationObserver(_options.Average, WeightOf(layer).device) : null;
            if (observer is not null)
            {
                // A module's name holds no dots.
                register_module(name.Replace('.', '/'), observer);
            }

            _layers.Add((name, layer, observer));
        }

        foreach (var (_, layer, observer) in _layers)
        {
            var hook = layer.register_forward_hook((_, input, output) =>
            {
                var rounded = Rounded(layer, observer, input);
                output.Dispose();
                return rounded;
            });
            _removers.Add(hook.remove);
        }
    }

    /// <summary>The names of the layers that are quantised.</summary>
    public IReadOnlyList<string> Layers => [.. _layers.Select(one => one.Name)];

    /// <summary>Whether ranges of activations are taken in; false fixes them, as for the last epochs. True by default.</summary>
    public bool Observes { get; set; } = true;

    /// <summary>The integers, scales and zero points of every layer.</summary>
    /// <returns>One for each of <see cref="Layers"/>; their tensors are the caller's.</returns>
    /// <exception cref="InvalidOperationException">A layer has not run yet, so that the range of its input is not known.</exception>
    public IReadOnlyList<LayerQuantization> Export() => [.. _layers.Select(one => Export(one.Name, WeightOf(one.Layer), one.Observer))];

    /// <summary>Takes the hooks off; the student computes as before.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _removers.ForEach(remove => remove());
            _removers.Clear();
        }

        base.Dispose(disposing);
    }

    private LayerQuantization Export(string name, Tensor weight, ActivationObserver? observer)
    {
        using var scope = NewDisposeScope();
        var (scale, zero) = (float.NaN, 0);
        if (observer is not null)
        {
            if (!observer.HasSeen)
            {
                throw new InvalidOperationException($"The layer '{name}' has not run yet: the range of its input is not known.");
            }

            var (scales, zeros) = FakeQuantization.ActivationScale(observer.Minimum, observer.Maximum, _options.ActivationBits);
            (scale, zero) = (scales.item<float>(), zeros.item<int>());
        }

        var channels = FakeQuantization.WeightScales(weight, _options.WeightBits).cpu().Values<float>();
        return new(name, FakeQuantization.WeightIntegers(weight, _options.WeightBits).MoveToOuterDisposeScope(), channels, scale, zero);
    }

    private Tensor Rounded(nn.Module<Tensor, Tensor> layer, ActivationObserver? observer, Tensor input)
    {
        using var scope = NewDisposeScope();
        if (observer is not null)
        {
            if ((Observes && layer.training) || !observer.HasSeen)
            {
                observer.Observe(input);
            }

            input = FakeQuantization.Activations(input, observer.Minimum, observer.Maximum, _options.ActivationBits);
        }

        var weight = FakeQuantization.Weights(WeightOf(layer), _options.WeightBits);
        var output = layer is Conv2d convolution
            ? nn.functional.conv2d(input, weight, convolution.bias, convolution.stride, convolution.padding, convolution.dilation, convolution.groups)
            : nn.functional.linear(input, weight, ((Linear)layer).bias);
        return output.MoveToOuterDisposeScope();
    }

    private static Parameter WeightOf(nn.Module layer) => layer is Conv2d convolution ? convolution.weight! : ((Linear)layer).weight!;

    private static List<(string Name, nn.Module<Tensor, Tensor> Layer)> Choose(nn.Module student, QuantizationOptions options)
    {
        var modules = student.named_modules().ToDictionary(one => one.name, one => one.module);
        foreach (var name in options.Layers.Concat(options.Skip))
        {
            if (!modules.ContainsKey(name))
            {
                throw new ArgumentException($"No layer is named '{name}'; there are: {string.Join(", ", modules.Keys)}.", nameof(options));
            }
        }

        var names = options.Layers.Count > 0 ? options.Layers : [.. modules.Where(one => one.Value is Linear or Conv2d).Select(one => one.Key)];
        var chosen = names.Except(options.Skip).Select(name => (name, Quantizable(name, modules[name]))).ToList();
        return chosen.Count > 0 ? chosen : throw new ArgumentException("The student has no linear layer or convolution to quantise.", nameof(student));
    }

    private static nn.Module<Tensor, Tensor> Quantizable(string name, nn.Module module) => module switch
    {
        Conv2d { padding_mode: PaddingModes.Zeros, padding_type: null } convolution => convolution,
        Linear linear => linear,
        _ => throw new ArgumentException(
            $"The layer '{name}' ({module.GetName()}) cannot be quantised: expected a linear layer, or a convolution of two dimensions padded with so many zeros.",
            nameof(module)),
    };
}
