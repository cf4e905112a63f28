using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>A linear layer that uses the first inputs and outputs of its weights (Yu et al., "Slimmable Neural Networks", 2019). State-dict names: "weight" and "bias".</summary>
public sealed class SlimmableLinear : nn.Module<Tensor, Tensor>, ISlimmable
{
    private readonly WidthChoice _input;
    private readonly WidthChoice _output;
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;
    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    /// <summary>Makes the layer.</summary>
    /// <param name="input">How many inputs.</param>
    /// <param name="output">How many outputs.</param>
    /// <param name="generator">Draws the first weights, as a linear layer's; null for libtorch's own.</param>
    public SlimmableLinear(WidthChoice input, WidthChoice output, Generator? generator = null)
        : base(nameof(SlimmableLinear))
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        (_input, _output) = (input, output);
        (_weight, _bias) = (new(empty(output.Largest, input.Largest)), new(empty(output.Largest)));
        var bound = 1 / Math.Sqrt(input.Largest);
        Layers.Uniform(_weight, bound, generator);
        Layers.Uniform(_bias, bound, generator);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public IEnumerable<WidthChoice> Choices => [_input, _output];

    /// <inheritdoc/>
    public long ActiveParameters => (_input.Channels + 1) * _output.Channels;

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor> Extract()
    {
        var layer = nn.Linear(_input.Channels, _output.Channels).to(_weight.dtype).to(_weight.device);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        layer.weight.copy_(ActiveWeight());
        layer.bias!.copy_(_bias.narrow(0, 0, _output.Channels));
        return layer;
    }

    /// <summary>Runs the layer at its width.</summary>
    /// <param name="input">[N, ..., inputs of the moment].</param>
    /// <returns>[N, ..., outputs of the moment].</returns>
    /// <exception cref="ArgumentException">There are other inputs than the choice says.</exception>
    public override Tensor forward(Tensor input)
    {
        SlimmableWidth.Check(input, -1, _input);
        using var scope = NewDisposeScope();
        return nn.functional.linear(input, ActiveWeight(), _bias.narrow(0, 0, _output.Channels)).MoveToOuterDisposeScope();
    }

    private Tensor ActiveWeight() => _weight.narrow(0, 0, _output.Channels).narrow(1, 0, _input.Channels);
}
