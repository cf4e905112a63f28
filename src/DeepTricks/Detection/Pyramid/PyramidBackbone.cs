using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Any network with a <see cref="FeaturePyramid"/> on maps of some of its layers, under torchvision's names: <c>body</c> and <c>fpn</c>. It owns both. The
/// network runs to its end, so that it should have nothing behind the last of these layers.
/// </summary>
public sealed class PyramidBackbone : DetectionBackbone
{
    private readonly FeatureExtractor _extractor;
    private readonly bool _extraLevel;

    [ComponentName(Name = "body")] private readonly nn.Module<Tensor, Tensor> _body;
    [ComponentName(Name = "fpn")] private readonly FeaturePyramid _pyramid;

    /// <summary>Puts a pyramid on a network. One image of zeros goes through the network, to see the channels and strides of its maps.</summary>
    /// <param name="body">The network.</param>
    /// <param name="layers">
    /// The names of the layers in <c>named_modules()</c> whose maps are taken, from the finest to the coarsest: layer1 to layer4 of a ResNet. Nothing
    /// behind them may change their results in place.
    /// </param>
    /// <param name="options">How the pyramid is built; torchvision's where null.</param>
    /// <exception cref="ArgumentException">A name is no layer's, or a layer gives no map, or one that is not coarser than or as coarse as the one before.</exception>
    public PyramidBackbone(nn.Module<Tensor, Tensor> body, IReadOnlyList<string> layers, FeaturePyramidOptions? options = null) : base(nameof(PyramidBackbone))
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(layers);
        options ??= new();
        _body = body;
        _extractor = new(body, layers.Select(layer => KeyValuePair.Create(layer, layer)), new() { Copy = false });
        var maps = MapShape.Probe(body, images => [.. _extractor.Extract(images).Values]);
        if (maps.Zip(maps.Skip(1)).Any(pair => pair.First.Stride > pair.Second.Stride))
            throw new ArgumentException($"Expected layers from the finest map to the coarsest, and the strides are {string.Join(", ", maps.Select(map => map.Stride))}.", nameof(layers));
        _pyramid = new([.. maps.Select(map => map.Channels)], options);
        _extraLevel = options.ExtraLevel;
        Channels = options.Channels;
        Strides = [.. maps.Select(map => map.Stride), .. _extraLevel ? [2 * maps[^1].Stride] : Array.Empty<long>()];
        RegisterComponents();
    }

    /// <summary>The network under the pyramid.</summary>
    public nn.Module<Tensor, Tensor> Body => _body;

    /// <inheritdoc/>
    public override long Channels { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<long> Strides { get; }

    /// <inheritdoc/>
    public override int PooledMaps => Strides.Count - (_extraLevel ? 1 : 0);

    /// <summary>Makes the levels of the pyramid.</summary>
    /// <param name="input">Images, [N, 3, H, W].</param>
    /// <returns>[N, C, h, w] for each level.</returns>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var levels = _pyramid.call([.. _extractor.Extract(input).Values]);
        foreach (var level in levels) level.MoveToOuterDisposeScope();
        return levels;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _extractor.Dispose();
        base.Dispose(disposing);
    }
}
