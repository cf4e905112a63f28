using DeepTricks.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The layers of a backbone before its pooling and head, under their own names; its frozen stages stay frozen.</summary>
internal sealed class BackboneTrunk : nn.Module<Tensor, Tensor>
{
    private static readonly string[] Head = ["avgpool", "classifier", "fc"];

    private readonly Func<IEnumerable<nn.Module>> _frozen;
    private readonly IReadOnlyList<nn.Module<Tensor, Tensor>> _layers;
    private readonly bool _endsInRelu;

    internal BackboneTrunk(Backbone backbone) : base(nameof(BackboneTrunk))
    {
        var layers = backbone.named_children().Where(child => !Head.Contains(child.name)).ToList();
        _layers = [.. layers.Select(layer => (nn.Module<Tensor, Tensor>)layer.module)];
        foreach (var (name, module) in layers) register_module(name, module);
        _frozen = () => backbone.Stages.Take(backbone.FrozenStages).SelectMany(stage => stage.Modules);
        _endsInRelu = backbone is DenseNet;
        // Of a densely connected network the last normalisation has all channels, its last convolution a few of them.
        Channels = backbone is ResNet residual ? residual.Features
            : backbone is DenseNet ? layers[0].module.state_dict()["norm5.weight"].size(0)
            : layers.SelectMany(layer => layer.module.modules()).OfType<Conv2d>().Last().out_channels;
    }

    /// <summary>The channels of what it gives.</summary>
    internal long Channels { get; }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var features = images.Through([.. _layers]);
        return (_endsInRelu ? nn.functional.relu(features) : features).MoveToOuterDisposeScope();
    }

    public override void train(bool train = true)
    {
        base.train(train);
        foreach (var module in _frozen()) module.eval();
    }
}
