using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Self-attention and a network over each position, each with a shortcut that is normalised after the sum.</summary>
public sealed class TransformerEncoderLayer : nn.Module<Tensor, Tensor>, nn.IModule<Tensor, Tensor, Tensor>, nn.IModule<Tensor, Tensor, Tensor, Tensor>
{
    private readonly long _width, _heads, _inner;
    private readonly double _drop;
    private readonly nn.Activations _activation;
    private readonly TransformerFeedForward _feedForward;

    [ComponentName(Name = "self_attn")]
    private readonly MultiheadAttention _attention;

    [ComponentName(Name = "norm1")]
    private readonly LayerNorm _norm1;

    [ComponentName(Name = "norm2")]
    private readonly LayerNorm _norm2;

    [ComponentName(Name = "dropout1")]
    private readonly Dropout _dropout1;

    [ComponentName(Name = "dropout2")]
    private readonly Dropout _dropout2;

    internal TransformerEncoderLayer(long d_model, long nhead, long dim_feedforward, double dropout, nn.Activations activation) : base(nameof(TransformerEncoderLayer))
    {
        (_width, _heads, _inner, _drop, _activation) = (d_model, nhead, dim_feedforward, dropout, activation);
        register_module("self_attn", _attention = nn.MultiheadAttention(d_model, nhead, dropout));
        var (inner, drop, outer) = (nn.Linear(d_model, dim_feedforward), nn.Dropout(dropout), nn.Linear(dim_feedforward, d_model));
        register_module("linear1", inner);
        register_module("dropout", drop);
        register_module("linear2", outer);
        _feedForward = new(inner, drop, outer, activation);
        register_module("norm1", _norm1 = nn.LayerNorm(d_model));
        register_module("norm2", _norm2 = nn.LayerNorm(d_model));
        register_module("dropout1", _dropout1 = nn.Dropout(dropout));
        register_module("dropout2", _dropout2 = nn.Dropout(dropout));
    }

    /// <summary>A layer with the same values. It is drawn first, as in TorchSharp, and so moves the generator on.</summary>
    internal TransformerEncoderLayer Clone()
    {
        var copy = new TransformerEncoderLayer(_width, _heads, _inner, _drop, _activation);
        copy.load_state_dict(state_dict());
        copy.train(training);
        return copy;
    }

    public Tensor call(Tensor src, Tensor? src_mask, Tensor? src_key_padding_mask) => Apply(src, src_mask, src_key_padding_mask);
    public Tensor call(Tensor src, Tensor? src_mask) => Apply(src, src_mask, null);
    public override Tensor forward(Tensor src) => Apply(src, null, null);

    private Tensor Apply(Tensor src, Tensor? mask, Tensor? paddingMask)
    {
        using var scope = NewDisposeScope();
        var attended = _attention.call(src, src, src, paddingMask, false, mask).Item1;
        var x = _norm1.call(src + _dropout1.call(attended));
        return _norm2.call(x + _dropout2.call(_feedForward.Apply(x))).MoveToOuterDisposeScope();
    }
}
