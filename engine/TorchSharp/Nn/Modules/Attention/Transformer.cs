using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>An encoder and a decoder, whose matrices are drawn by Xavier's rule.</summary>
public sealed class Transformer : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "encoder")]
    private readonly TransformerEncoder _encoder;

    [ComponentName(Name = "decoder")]
    private readonly TransformerDecoder _decoder;

    internal Transformer(long d_model, long nhead, long num_encoder_layers, long num_decoder_layers, long dim_feedforward, double dropout, nn.Activations activation) : base(nameof(Transformer))
    {
        using (var layer = nn.TransformerEncoderLayer(d_model, nhead, dim_feedforward, dropout, activation))
            register_module("encoder", _encoder = new(layer, num_encoder_layers, nn.LayerNorm(d_model)));
        using (var layer = nn.TransformerDecoderLayer(d_model, nhead, dim_feedforward, dropout, activation))
            register_module("decoder", _decoder = new(layer, num_decoder_layers, nn.LayerNorm(d_model)));
        foreach (var parameter in parameters())
            if (parameter.ndim > 1) nn.init.xavier_uniform_(parameter);
    }

    public Tensor call(Tensor src, Tensor tgt, Tensor? src_mask, Tensor? tgt_mask = null, Tensor? memory_mask = null, Tensor? src_key_padding_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null)
    {
        using var memory = _encoder.call(src, src_mask, src_key_padding_mask);
        return _decoder.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
    }

    public override Tensor forward(Tensor src, Tensor tgt) => call(src, tgt, null);
}
