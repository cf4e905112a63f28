using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Which samples of a layer come from which of the layer before, [heads, B, B], by products of their embeddings.</summary>
internal sealed class GraphAttention : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly long _heads;

#pragma warning disable IDE1006 // Names of the state dict.
    private readonly Linear sfc;
    private readonly BatchNorm1d sbn;
    private readonly Linear rfc;
    private readonly BatchNorm1d rbn;
#pragma warning restore IDE1006

    public GraphAttention(long before, long after, long heads)
        : base(nameof(GraphAttention))
    {
        _heads = heads;
        var width = (before + after) / 2 * heads;
        sfc = nn.Linear(after, width, hasBias: false);
        sbn = nn.BatchNorm1d(width);
        rfc = nn.Linear(before, width, hasBias: false);
        rbn = nn.BatchNorm1d(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor after, Tensor before)
    {
        using var scope = NewDisposeScope();
        var senders = Heads(sbn.call(sfc.call(after)));
        var receivers = Heads(rbn.call(rfc.call(before)));
        return senders.permute(2, 0, 1).bmm(receivers.permute(2, 1, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>[B, D, heads].</summary>
    private Tensor Heads(Tensor embedded) => embedded.reshape(embedded.shape[0], -1, _heads);
}
