using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>Layers of which each takes what all those before it gave: <c>denselayer1</c> and so on.</summary>
internal sealed class DenseBlock : nn.Module<Tensor, Tensor>
{
    private readonly List<DenseLayer> _layers = [];

    internal DenseBlock(LayerFactory layers, long channels, int count, DenseNetOptions options) : base(nameof(DenseBlock))
    {
        for (var i = 0; i < count; i++)
        {
            var layer = new DenseLayer(layers, channels + ((long)i * options.GrowthRate), options);
            _layers.Add(layer);
            register_module($"denselayer{i + 1}", layer);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = input;
        foreach (var layer in _layers)
        {
            using var added = layer.call(features);
            var joined = cat([features, added], 1);
            if (!ReferenceEquals(features, input)) features.Dispose();
            features = joined;
        }

        return features.MoveToOuterDisposeScope();
    }
}
