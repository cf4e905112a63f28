using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Attention in several parts of the width at once. Sequences come first: (length, batch, width).</summary>
public sealed class MultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>>
{
    private readonly long _width;
    private readonly long _heads;
    private readonly double _dropout;
    private readonly bool _addsZero;
    private readonly bool _oneProjection;
    [ComponentName(Name = "out_proj")]
    private readonly Linear _out;

    internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias, bool add_bias_kv, bool add_zero_attn, long kdim, long vdim) : base(nameof(MultiheadAttention))
    {
        if (embedded_dim % num_heads != 0) throw new ArgumentException($"A width of {embedded_dim} does not divide into {num_heads} heads.", nameof(num_heads));
        (_width, _heads, _dropout, _addsZero) = (embedded_dim, num_heads, dropout, add_zero_attn);
        _oneProjection = kdim == _width && vdim == _width;
        // The output's layer draws its values before the projections do: PyTorch's order.
        _out = nn.Linear(_width, _width, bias);
        if (_oneProjection)
        {
            Add("in_proj_weight", 3 * _width, _width);
        }
        else
        {
            Add("q_proj_weight", _width, _width);
            Add("k_proj_weight", _width, kdim);
            Add("v_proj_weight", _width, vdim);
        }
        foreach (var (_, weight) in _internal_params) nn.init.xavier_uniform_(weight);
        if (bias)
        {
            nn.init.zeros_(Add("in_proj_bias", 3 * _width));
            nn.init.zeros_(_out.bias!);
        }
        if (add_bias_kv)
        {
            nn.init.xavier_normal_(Add("bias_k", 1, 1, _width));
            nn.init.xavier_normal_(Add("bias_v", 1, 1, _width));
        }
        register_module("out_proj", _out);
    }

    private Parameter Add(string name, params long[] size)
    {
        var parameter = Components.Empty(null, null, size);
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
        return parameter;
    }

    /// <summary>The attended values, and the weights with which they were taken, a mean over the heads; the latter is null where it is not asked for.</summary>
    public new Tuple<Tensor, Tensor> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
        base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

    public override Tuple<Tensor, Tensor> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
    {
        using var scope = NewDisposeScope();
        if (query.ndim != 3 || query.size(2) != _width)
            throw new ArgumentException($"The query is of shape (length, batch, {_width}), not [{string.Join(", ", query.shape)}].", nameof(query));
        var (length, batch) = (query.size(0), query.size(1));
        var (q, k, v) = Projected(query, key, value);
        if (get_parameter("bias_k") is { } extraKey)
        {
            k = cat([k, extraKey.repeat(1, batch, 1)]);
            v = cat([v, get_parameter("bias_v")!.repeat(1, batch, 1)]);
            (attn_mask, key_padding_mask) = (Widened(attn_mask), Widened(key_padding_mask));
        }
        (q, k, v) = (ByHead(q, batch), ByHead(k, batch), ByHead(v, batch));
        if (_addsZero)
        {
            k = cat([k, zeros_like(k.narrow(1, 0, 1))], 1);
            v = cat([v, zeros_like(v.narrow(1, 0, 1))], 1);
            (attn_mask, key_padding_mask) = (Widened(attn_mask), Widened(key_padding_mask));
        }
        var scores = matmul(q * (1 / Math.Sqrt(_width / _heads)), k.transpose(1, 2));
        if (attn_mask is not null) scores = Masked(scores, attn_mask.ndim == 2 ? attn_mask.unsqueeze(0) : attn_mask);
        if (key_padding_mask is not null)
        {
            var sources = k.size(1);
            var byHead = key_padding_mask.view(batch, 1, 1, sources).expand(-1, _heads, -1, -1).reshape(batch * _heads, 1, sources);
            scores = Masked(scores, byHead);
        }
        var weights = nn.functional.dropout(scores.softmax(-1), _dropout, training);
        var attended = matmul(weights, v).transpose(0, 1).reshape(length, batch, _width);
        var result = _out.call(attended).MoveToOuterDisposeScope();
        if (!need_weights) return new(result, null!);
        return new(result, weights.view(batch, _heads, length, -1).mean([1]).MoveToOuterDisposeScope());
    }

    private (Tensor, Tensor, Tensor) Projected(Tensor query, Tensor key, Tensor value)
    {
        var biases = get_parameter("in_proj_bias") is { } bias ? bias.chunk(3) : [null!, null!, null!];
        if (_oneProjection && ReferenceEquals(query, key) && ReferenceEquals(key, value))
        {
            var all = nn.functional.linear(query, get_parameter("in_proj_weight")!, get_parameter("in_proj_bias")).chunk(3, -1);
            return (all[0], all[1], all[2]);
        }
        var weights = _oneProjection
            ? get_parameter("in_proj_weight")!.chunk(3)
            : [get_parameter("q_proj_weight")!, get_parameter("k_proj_weight")!, get_parameter("v_proj_weight")!];
        return (nn.functional.linear(query, weights[0], biases[0]), nn.functional.linear(key, weights[1], biases[1]), nn.functional.linear(value, weights[2], biases[2]));
    }

    private Tensor ByHead(Tensor projected, long batch) => projected.reshape(projected.size(0), batch * _heads, _width / _heads).transpose(0, 1);

    /// <summary>A further column that hides nothing, for a source that was added.</summary>
    private static Tensor? Widened(Tensor? mask) => mask is null ? null : nn.functional.pad(mask, (0, 1));

    // A mask of truth values hides where it is true; another is added.
    private static Tensor Masked(Tensor scores, Tensor mask) =>
        mask.dtype is ScalarType.Bool or ScalarType.Byte ? scores.masked_fill(mask.to(ScalarType.Bool), double.NegativeInfinity) : scores + mask;
}
