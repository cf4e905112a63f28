using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Self-attention, attention to the encoder's result and a network over each position, each with a shortcut that is normalised after the sum.</summary>
public sealed class TransformerDecoderLayer : nn.Module<Tensor, Tensor, Tensor?, Tensor?, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor, Tensor>
{
    private readonly long _width, _heads, _inner;
    private readonly double _drop;
    private readonly nn.Activations _activation;
    private readonly TransformerFeedForward _feedForward;

    [ComponentName(Name = "self_attn")]
    private readonly MultiheadAttention _attention;

    [ComponentName(Name = "multihead_attn")]
    private readonly MultiheadAttention _crossAttention;

    [ComponentName(Name = "norm1")]
    private readonly LayerNorm _norm1;

    [ComponentName(Name = "norm2")]
    private readonly LayerNorm _norm2;

    [ComponentName(Name = "norm3")]
    private readonly LayerNorm _norm3;

    [ComponentName(Name = "dropout1")]
    private readonly Dropout _dropout1;

    [ComponentName(Name = "dropout2")]
    private readonly Dropout _dropout2;

    [ComponentName(Name = "dropout3")]
    private readonly Dropout _dropout3;

    internal TransformerDecoderLayer(long d_model, long nhead, long dim_feedforward, double dropout, nn.Activations activation) : base(nameof(TransformerDecoderLayer))
    {
        (_width, _heads, _inner, _drop, _activation) = (d_model, nhead, dim_feedforward, dropout, activation);
        register_module("self_attn", _attention = nn.MultiheadAttention(d_model, nhead, dropout));
        register_module("multihead_attn", _crossAttention = nn.MultiheadAttention(d_model, nhead, dropout));
        var (inner, drop, outer) = (nn.Linear(d_model, dim_feedforward), nn.Dropout(dropout), nn.Linear(dim_feedforward, d_model));
        register_module("linear1", inner);
        register_module("dropout", drop);
        register_module("linear2", outer);
        _feedForward = new(inner, drop, outer, activation);
        register_module("norm1", _norm1 = nn.LayerNorm(d_model));
        register_module("norm2", _norm2 = nn.LayerNorm(d_model));
        register_module("norm3", _norm3 = nn.LayerNorm(d_model));
        register_module("dropout1", _dropout1 = nn.Dropout(dropout));
        register_module("dropout2", _dropout2 = nn.Dropout(dropout));
        register_module("dropout3", _dropout3 = nn.Dropout(dropout));
    }

    /// <summary>A layer with the same values. It is drawn first, as in TorchSharp, and so moves the generator on.</summary>
    internal TransformerDecoderLayer Clone()
    {
        var copy = new TransformerDecoderLayer(_width, _heads, _inner, _drop, _activation);
        copy.load_state_dict(state_dict());
        copy.train(training);
        return copy;
    }

    public Tensor call(Tensor tgt, Tensor memory) => base.call(tgt, memory, null, null, null, null);

    public new Tensor call(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
        base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

    public override Tensor forward(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask, Tensor? tgt_key_padding_mask, Tensor? memory_key_padding_mask)
    {
        using var scope = NewDisposeScope();
        var attended = _attention.call(tgt, tgt, tgt, tgt_key_padding_mask, false, tgt_mask).Item1;
        var x = _norm1.call(tgt + _dropout1.call(attended));
        var looked = _crossAttention.call(x, memory, memory, memory_key_padding_mask, false, memory_mask).Item1;
        x = _norm2.call(x + _dropout2.call(looked));
        return _norm3.call(x + _dropout3.call(_feedForward.Apply(x))).MoveToOuterDisposeScope();
    }
}
