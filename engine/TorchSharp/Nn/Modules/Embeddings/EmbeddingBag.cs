using TorchSharp.Utils;
using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class EmbeddingBag : nn.Module<Tensor, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor, Tensor>, nn.IModule<Tensor, Tensor?, Tensor?, Tensor>
{
    private readonly double? _maxNorm;
    private readonly double _norm;
    private readonly bool _scales, _sparse, _lastOffset;
    private readonly EmbeddingBagMode _mode;
    private readonly long? _padding;

    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    internal EmbeddingBag(Parameter weight, double? max_norm, double norm_type, bool scale_grad_by_freq, EmbeddingBagMode mode, bool sparse, bool include_last_offset, long padding_index) : base(nameof(EmbeddingBag))
    {
        (_maxNorm, _norm, _scales, _mode) = (max_norm, norm_type, scale_grad_by_freq, mode);
        (_sparse, _lastOffset, _padding) = (sparse, include_last_offset, padding_index < 0 ? null : padding_index);
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

    internal EmbeddingBag Initialized()
    {
        nn.init.normal_(_weight!);
        if (_padding is not { } row) return this;
        using var padding = aten("select.int", _weight, 0, row);
        nn.init.zeros_(padding);
        return this;
    }

    public Tensor call(Tensor input) => call(input, null, null);
    public Tensor call(Tensor input, Tensor? offsets) => call(input, offsets, null);

    public new Tensor call(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
    {
        if (!input.is_integral()) throw new ArgumentException($"EmbeddingBag takes integers, not {input.dtype}.", nameof(input));
        if (offsets is not null && input.dtype != offsets.dtype) throw new ArgumentException($"Offsets are of the input's type, {input.dtype}, not {offsets.dtype}.", nameof(offsets));
        if (input.ndim == 1 && offsets is null) throw new ArgumentException("A row of indices takes offsets.", nameof(offsets));
        if (input.ndim == 2 && offsets is not null) throw new ArgumentException("A matrix of indices takes no offsets: its rows are the bags.", nameof(offsets));
        return base.call(input, offsets, perSampleWeights);
    }

    public override Tensor forward(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
    {
        using var scope = NewDisposeScope();
        if (input.ndim == 2)
        {
            offsets = aten("arange.start_step", 0, input.numel(), input.size(1), input.dtype, Native.Value.None, input.device);
            input = aten("reshape", input, new[] { -1L });
            if (perSampleWeights is not null) perSampleWeights = aten("reshape", perSampleWeights, new[] { -1L });
        }
        if (_maxNorm is { } most)
        {
            using var _ = no_grad();
            aten_("embedding_renorm_", _weight, input, most, _norm);
        }
        var (bags, _, _, _) = aten4("embedding_bag.padding_idx", _weight, input, offsets, _scales, (long)_mode, _sparse, perSampleWeights, _lastOffset, _padding);
        return bags.MoveToOuterDisposeScope();
    }
}
