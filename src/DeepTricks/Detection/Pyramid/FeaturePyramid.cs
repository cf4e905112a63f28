using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// A feature pyramid (Lin et al., "Feature Pyramid Networks for Object Detection", 2017): maps of a network, each with what the coarser ones know added. The names
/// are torchvision's: <c>inner_blocks.0.0</c> for the 1 × 1 convolution of the finest map, <c>layer_blocks.0.0</c> for the 3 × 3 one behind the sum.
/// </summary>
public sealed class FeaturePyramid : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>
{
    private readonly bool _extraLevel;

    [ComponentName(Name = "inner_blocks")] private readonly ModuleList<ConvolutionNorm> _inner;
    [ComponentName(Name = "layer_blocks")] private readonly ModuleList<ConvolutionNorm> _layers;

    /// <summary>Makes the pyramid with first weights drawn as torchvision draws them.</summary>
    /// <param name="channels">The channels of the maps that come, from the finest to the coarsest.</param>
    /// <param name="options">The channels of the levels and so on; torchvision's where null.</param>
    /// <exception cref="ArgumentException">There is no map, or one without channels.</exception>
    public FeaturePyramid(IReadOnlyList<long> channels, FeaturePyramidOptions? options = null) : base(nameof(FeaturePyramid))
    {
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count == 0 || channels.Any(one => one < 1)) throw new ArgumentException("Expected at least one map, of at least one channel each.", nameof(channels));
        options ??= new();
        _extraLevel = options.ExtraLevel;
        _inner = new([.. channels.Select(input => Block(input, 1, options))]);
        _layers = new([.. channels.Select(_ => Block(options.Channels, 3, options))]);
        RegisterComponents();
    }

    /// <summary>Makes the levels.</summary>
    /// <param name="maps">[N, Cl, Hl, Wl], from the finest to the coarsest.</param>
    /// <returns>[N, C, Hl, Wl] for each, and one more where the options ask for it.</returns>
    /// <exception cref="ArgumentException">There is another number of maps than the pyramid was made for.</exception>
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (maps.Count != _inner.Count) throw new ArgumentException($"Expected {_inner.Count} maps, and {maps.Count} came.", nameof(maps));
        using var scope = NewDisposeScope();
        var levels = new Tensor[maps.Count];
        Tensor? above = null;
        for (var i = maps.Count - 1; i >= 0; i--)
        {
            var inner = _inner[i].call(maps[i]);
            if (above is not null)
            {
                // In the memory of the lateral convolution, which does not need its result for its gradient.
                using var enlarged = nn.functional.interpolate(above, [inner.size(2), inner.size(3)], mode: InterpolationMode.Nearest);
                inner.add_(enlarged);
                above.Dispose();
            }

            levels[i] = _layers[i].call(inner);
            above = inner;
        }

        IReadOnlyList<Tensor> all = _extraLevel ? [.. levels, nn.functional.max_pool2d(levels[^1], 1, 2)] : levels;
        foreach (var level in all) level.MoveToOuterDisposeScope();
        return all;
    }

    private static ConvolutionNorm Block(long input, long kernel, FeaturePyramidOptions options)
    {
        var convolution = nn.Conv2d(input, options.Channels, kernel, padding: kernel / 2, bias: options.NormLayer is null);
        Layers.KaimingUniform(convolution, options.Generator);
        return options.NormLayer is { } norm ? new(fold: true, convolution, norm(options.Channels)) : new(fold: false, convolution);
    }
}
