using DeepTricks.Backbones;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// Makes one vector of the features of whole and part. State-dict names: none for concat and sum; "whole", "part" and "gate" for the gated form; "whole", "part", "hidden" and
/// "score" for attention.
/// </summary>
public sealed class LateFusion : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly FusionKind _kind;
    private readonly Dictionary<string, Linear> _layers = [];

    /// <summary>Makes the fusion.</summary>
    /// <param name="kind">How.</param>
    /// <param name="whole">The width of the whole's features.</param>
    /// <param name="part">The width of the part's features; that of the whole for <see cref="FusionKind.Sum"/>.</param>
    /// <param name="width">The width of the result, for the gated form and attention.</param>
    /// <param name="generator">Draws the first weights; null for libtorch's own.</param>
    /// <exception cref="ArgumentException">A sum of two widths.</exception>
    public LateFusion(FusionKind kind, long whole, long part, long width, Generator? generator = null)
        : base(nameof(LateFusion))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(whole, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (kind == FusionKind.Sum && whole != part)
        {
            throw new ArgumentException($"Expected features of one width for a sum; the whole has {whole}, the part {part}.", nameof(part));
        }

        _kind = kind;
        Width = kind switch
        {
            FusionKind.Concat => whole + part,
            FusionKind.Sum => whole,
            _ => width,
        };
        if (kind is FusionKind.Gated or FusionKind.Attention)
        {
            Add("whole", nn.Linear(whole, width));
            Add("part", nn.Linear(part, width));
        }

        if (kind == FusionKind.Gated)
        {
            Add("gate", nn.Linear(whole + part, width));
        }
        else if (kind == FusionKind.Attention)
        {
            Add("hidden", nn.Linear(width, width));
            Add("score", nn.Linear(width, 1));
        }

        void Add(string name, Linear layer)
        {
            Layers.Uniform(layer, generator);
            register_module(name, layer);
            _layers.Add(name, layer);
        }
    }

    /// <summary>The width of the result.</summary>
    public long Width { get; }

    /// <summary>Fuses the features of a batch.</summary>
    /// <param name="whole">[N, D₁].</param>
    /// <param name="part">[N, D₂]; what a row holds whose part is missing does not matter.</param>
    /// <param name="present">[N], bool: whose part is there.</param>
    /// <returns>[N, <see cref="Width"/>].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public override Tensor forward(Tensor whole, Tensor part, Tensor present)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(present);
        if (whole.dim() != 2 || part.dim() != 2 || part.size(0) != whole.size(0))
        {
            throw new ArgumentException(
                $"Expected features [N, D] of whole and part; the shapes are {whole.ShapeText()} and {part.ShapeText()}.", nameof(part));
        }

        if (present.dtype != ScalarType.Bool || present.dim() != 1 || present.size(0) != whole.size(0) || !present.SharesDeviceWith(whole))
        {
            throw new ArgumentException(
                $"Expected [{whole.size(0)}] of type Bool on {whole.device}; the shape is {present.ShapeText()}, the type {present.dtype}.", nameof(present));
        }

        using var scope = NewDisposeScope();
        var there = present.unsqueeze(1);

        // Before any product: what is not there may be NaN, and 0 · NaN is NaN.
        var known = part.masked_fill(there.logical_not(), 0);
        var fused = _kind switch
        {
            FusionKind.Concat => cat([whole, known], 1),
            FusionKind.Sum => whole + known,
            FusionKind.Gated => Gated(whole, known, there),
            _ => Attended(whole, known, there),
        };
        return fused.MoveToOuterDisposeScope();
    }

    private Tensor Gated(Tensor whole, Tensor part, Tensor there)
    {
        var gate = _layers["gate"].call(cat([whole, part], 1)).sigmoid().masked_fill(there.logical_not(), 1);
        return (gate * _layers["whole"].call(whole).tanh()) + ((1 - gate) * _layers["part"].call(part).tanh());
    }

    private Tensor Attended(Tensor whole, Tensor part, Tensor there)
    {
        var streams = stack([_layers["whole"].call(whole), _layers["part"].call(part)], 1);
        var scores = _layers["score"].call(_layers["hidden"].call(streams).tanh()).squeeze(2);
        var absent = cat([zeros_like(there), there.logical_not()], 1);
        return (scores.masked_fill(absent, double.NegativeInfinity).softmax(1).unsqueeze(2) * streams).sum([1]);
    }
}
