using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// Chained residual pooling (Lin et al., "RefineNet", 2017): x + c₁ + c₂ + …, where each cᵢ is the convolution of the 5 × 5 maximum, stride 1, of the one before.
/// So each stage sees a wider surrounding, and the resolution stays. No normalisation.
/// </summary>
/// <remarks>
/// The names are those of DrSleep/refinenet-pytorch: <c>1_outvar_dimred</c>, <c>2_outvar_dimred</c> and so on, without bias. The pooling feeds the convolution,
/// as in the paper.
/// </remarks>
public sealed class ChainedResidualPooling : nn.Module<Tensor, Tensor>
{
    // Held as a list, which is not registered: no field can have a name that starts with a digit.
    private readonly IReadOnlyList<Conv2d> _stages;
    private readonly ChainedResidualPoolingOptions _options;

    /// <summary>Makes the chain.</summary>
    /// <param name="channels">The channels of the features, at least 1.</param>
    /// <param name="options">How many stages, the window, and whether a ReLU comes first; the defaults where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no channels.</exception>
    public ChainedResidualPooling(long channels, ChainedResidualPoolingOptions? options = null) : base(nameof(ChainedResidualPooling))
    {
        RefinementLayers.CheckChannels(channels, nameof(channels));
        _options = options ?? new();
        _stages = [.. Enumerable.Range(0, _options.Stages).Select(_ => RefinementLayers.Convolution(channels, channels, _options))];
        for (var stage = 0; stage < _stages.Count; stage++) register_module($"{stage + 1}_outvar_dimred", _stages[stage]);
    }

    /// <summary>Runs the chain.</summary>
    /// <param name="input">Features, [N, channels, H, W], of the type and on the device of the weights.</param>
    /// <returns>As the input.</returns>
    /// <exception cref="ArgumentException">The features have another shape, type or device.</exception>
    public override Tensor forward(Tensor input)
    {
        RefinementLayers.CheckFeatures(input, _stages[0], nameof(input));
        using var scope = NewDisposeScope();
        var start = _options.LeadingRelu ? input.relu() : input;
        var (top, sum) = (start, start);
        foreach (var stage in _stages)
        {
            var pooled = SlidingMaximum.Of(top, _options.PoolSize);
            if (!ReferenceEquals(top, start)) top.Dispose();
            top = stage.call(pooled);
            pooled.Dispose();
            sum = ReferenceEquals(sum, start) ? start + top : sum.add_(top);
        }

        return sum.MoveToOuterDisposeScope();
    }
}
