using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// A level of UNet 3+'s decoder: every level of the network, brought to this one's size and to equally many channels, then joined and convolved. The layers
/// belong to the network, which registers them.
/// </summary>
internal sealed class FullScaleStage
{
    private readonly int _level;
    private readonly Conv2d[] _branches;
    private readonly Conv2d _fusion;
    private readonly BatchNorm2d[] _norms;
    private readonly BatchNorm2d _fusionNorm;

    /// <param name="level">The level, from 0.</param>
    /// <param name="options">The channels of the encoder.</param>
    /// <param name="register">Takes each layer by its name.</param>
    internal FullScaleStage(int level, UNetThreePlusOptions options, Action<string, nn.Module> register)
    {
        var (filters, device) = (options.Filters, options.Device);
        var (levels, width) = (filters.Count, filters[0]);
        var joined = width * levels;
        _level = level;
        _branches = new Conv2d[levels];
        _norms = new BatchNorm2d[levels];
        for (var source = 0; source < levels; source++)
        {
            // Levels above this one come from the encoder, those below from the decoder; the deepest is both.
            var channels = source <= level || source == levels - 1 ? filters[source] : joined;
            var name = source < level ? $"h{source + 1}_PT_hd{level + 1}" : source == level ? $"h{source + 1}_Cat_hd{level + 1}" : $"hd{source + 1}_UT_hd{level + 1}";
            register($"{name}_conv", _branches[source] = nn.Conv2d(channels, width, 3, padding: 1, device: device));
            register($"{name}_bn", _norms[source] = nn.BatchNorm2d(width, device: device));
        }

        register($"conv{level + 1}d_1", _fusion = nn.Conv2d(joined, joined, 3, padding: 1, device: device));
        register($"bn{level + 1}d_1", _fusionNorm = nn.BatchNorm2d(joined, device: device));
    }

    /// <summary>Runs the level.</summary>
    /// <param name="sources">By level: the encoder's maps pooled to this size, the encoder's map of this level, and the decoder's smaller ones.</param>
    internal Tensor Run(IReadOnlyList<Tensor> sources)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (sources[_level].size(2), sources[_level].size(3));
        var parts = sources.Select((source, i) => Branch(source, i, height, width)).ToArray();
        using var joined = cat(parts, 1);
        foreach (var part in parts) part.Dispose();
        // One ReLU for all of them: the graph keeps its result once, as that of the ReLU and as what is convolved.
        using var active = joined.relu_();
        using var fused = _fusion.call(active);
        return _fusionNorm.call(fused).relu_().MoveToOuterDisposeScope();
    }

    private Tensor Branch(Tensor source, int level, long height, long width)
    {
        var convolution = _branches[level];
        using var mixed = level > _level
            ? UpsampledConvolution.Apply(source, convolution.weight, convolution.bias!, height, width)
            : convolution.call(source);
        return _norms[level].call(mixed);
    }
}
