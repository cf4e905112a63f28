using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Copies of a layer one after another.</summary>
public sealed class TransformerEncoder : nn.Module<Tensor, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor, Tensor>, nn.IModule<Tensor, Tensor>
{
    [ComponentName(Name = "layers")]
    private readonly ModuleList<TransformerEncoderLayer> _layers = new();

    [ComponentName(Name = "norm")]
    private readonly LayerNorm? _norm;

    internal TransformerEncoder(TransformerEncoderLayer encoder_layer, long num_layers, LayerNorm? norm = null) : base(nameof(TransformerEncoder))
    {
        for (var i = 0L; i < num_layers; i++) _layers.Add(encoder_layer.Clone());
        register_module("layers", _layers);
        if (norm is not null) register_module("norm", _norm = norm);
    }

    public Tensor call(Tensor src) => base.call(src, null, null);
    public Tensor call(Tensor src, Tensor? src_mask) => base.call(src, src_mask, null);

    public override Tensor forward(Tensor src, Tensor? src_mask, Tensor? src_key_padding_mask)
    {
        using var scope = NewDisposeScope();
        var x = src.alias();
        foreach (var layer in _layers) x = layer.call(x, src_mask, src_key_padding_mask);
        if (_norm is not null) x = _norm.call(x);
        return x.MoveToOuterDisposeScope();
    }

    public enum Activations
    {
        ReLU = 0,
        GELU = 1,
    }
}
