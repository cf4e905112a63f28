using TorchSharp.Utils;
using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private readonly long? _padding;
    private readonly double? _maxNorm;
    private readonly double _norm;
    private readonly bool _scales, _sparse;

    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    internal Embedding(Parameter weight, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse) : base(nameof(Embedding))
    {
        var rows = weight.size(0);
        if (padding_idx is { } given && (given >= rows || given < -rows))
            throw new ArgumentException($"The padding's index is {given}, but there are {rows} embeddings.", nameof(padding_idx));
        (_padding, _maxNorm, _norm, _scales, _sparse) = (padding_idx < 0 ? padding_idx + rows : padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
        this.weight = weight;
    }

    public Parameter weight
    {
        get => _weight!;
        set
        {
            if (Components.Exchange(ref _weight, value)) ConditionallyRegisterParameter(nameof(weight), value);
        }
    }

    /// <summary>Draws the embeddings, and leaves the padding's at zero.</summary>
    internal Embedding Initialized()
    {
        nn.init.normal_(_weight!);
        if (_padding is not { } row) return this;
        using var padding = aten("select.int", _weight, 0, row);
        nn.init.zeros_(padding);
        return this;
    }

    public override Tensor forward(Tensor input)
    {
        if (_maxNorm is { } most)
        {
            using var _ = no_grad();
            using var indices = aten("contiguous", input);
            aten_("embedding_renorm_", _weight, indices, most, _norm);
        }
        return aten("embedding", _weight, input, _padding ?? -1, _scales, _sparse);
    }
}
