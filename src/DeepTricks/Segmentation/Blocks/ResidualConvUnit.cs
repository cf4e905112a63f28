using DeepTricks.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// Residual convolution units in a row (Lin et al., "RefineNet: Multi-Path Refinement Networks for High-Resolution Semantic Segmentation", 2017): each is
/// x + conv(relu(… conv(relu(x)))), without normalisation. It adapts pretrained features to a task without changing their shape.
/// </summary>
/// <remarks>
/// The names are those of DrSleep/refinenet-pytorch, counted from 1: <c>1_conv</c>, with a bias, and <c>1_conv_relu_varout_dimred</c>, without; then
/// <c>2_conv</c> and so on. The original has no third stage; here it is <c>1_conv_relu_varout_dimred_3</c>, without bias.
/// </remarks>
public sealed class ResidualConvUnit : nn.Module<Tensor, Tensor>
{
    // Held as a list, which is not registered: no field can have a name that starts with a digit.
    private readonly IReadOnlyList<IReadOnlyList<Conv2d>> _units;

    /// <summary>Makes the units.</summary>
    /// <param name="channels">The channels of the features, at least 1.</param>
    /// <param name="options">How many units of how many stages; the defaults where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no channels.</exception>
    public ResidualConvUnit(long channels, ResidualConvUnitOptions? options = null) : base(nameof(ResidualConvUnit))
    {
        RefinementLayers.CheckChannels(channels, nameof(channels));
        options ??= new();
        _units = [.. Enumerable.Range(1, options.Blocks).Select(unit =>
            Enumerable.Range(1, options.Stages).Select(stage => RefinementLayers.Convolution(channels, channels, options, bias: stage == 1)).ToList())];
        for (var unit = 0; unit < _units.Count; unit++)
            for (var stage = 0; stage < _units[unit].Count; stage++)
                register_module($"{unit + 1}{Suffix(stage)}", _units[unit][stage]);
    }

    /// <summary>Runs the units.</summary>
    /// <param name="input">Features, [N, channels, H, W], of the type and on the device of the weights.</param>
    /// <returns>As the input.</returns>
    /// <exception cref="ArgumentException">The features have another shape, type or device.</exception>
    public override Tensor forward(Tensor input)
    {
        RefinementLayers.CheckFeatures(input, _units[0][0], nameof(input));
        using var scope = NewDisposeScope();
        var current = input;
        foreach (var unit in _units)
        {
            var branch = current.relu();
            for (var stage = 0; stage < unit.Count; stage++)
            {
                var next = unit[stage].call(branch);
                branch.Dispose();
                // In the memory of the convolution, which does not need its result for its gradient.
                branch = stage == unit.Count - 1 ? next.add_(current) : next.relu_();
            }

            if (!ReferenceEquals(current, input)) current.Dispose();
            current = branch;
        }

        return current.MoveToOuterDisposeScope();
    }

    private static string Suffix(int stage) => stage switch
    {
        0 => "_conv",
        1 => "_conv_relu_varout_dimred",
        _ => $"_conv_relu_varout_dimred_{stage + 1}",
    };
}
