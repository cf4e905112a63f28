using DeepTricks.Kernels;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// Any loss over all outputs of a network that predicts at several scales, so that deep layers get a gradient of their own
/// (Lee et al., "Deeply-Supervised Nets", 2015; weights as in MONAI's DeepSupervisionLoss).
/// </summary>
public sealed class DeepSupervision
{
    private readonly Func<Tensor, Tensor, IReadOnlyList<LossTerm>> _terms;
    private readonly DeepSupervisionOptions _options;

    /// <summary>Supervises by one loss, whose term is called "main".</summary>
    /// <param name="loss">A loss of (output, target): a scalar.</param>
    /// <param name="options">Weights and sizes; halving weights and resized targets where null.</param>
    public DeepSupervision(Func<Tensor, Tensor, Tensor> loss, DeepSupervisionOptions? options = null)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(loss);
        _terms = (output, target) => [new("main", loss(output, target))];
    }

    /// <summary>Supervises by several terms, such as those of <see cref="UNet3PlusLoss.Terms"/>.</summary>
    /// <param name="terms">The terms of (output, target).</param>
    /// <param name="options">Weights and sizes; halving weights and resized targets where null.</param>
    public DeepSupervision(Func<Tensor, Tensor, IReadOnlyList<LossTerm>> terms, DeepSupervisionOptions? options = null)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(terms);
        _terms = terms;
    }

    private DeepSupervision(DeepSupervisionOptions? options) => (_terms, _options) = (null!, options ?? new());

    /// <summary>The weighted sum over all outputs.</summary>
    /// <param name="outputs">[N, C, d1, ...] each, the main one first.</param>
    /// <param name="target">Labels [N, d1, ...] or masks [N, C, d1, ...] of any size; floating, int64 or bool as the loss takes them.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">There is no output, or not one for each weight, or the loss refuses one.</exception>
    public Tensor Compute(IReadOnlyList<Tensor> outputs, Tensor target)
    {
        using var scope = NewDisposeScope();
        var parts = Terms(outputs, target).Select(term => term.Value * term.Weight);
        return parts.Aggregate((sum, part) => sum + part).MoveToOuterDisposeScope();
    }

    /// <summary>The terms of all outputs: under the loss's own names for the main one, with "-1", "-2" and so on behind for the others.</summary>
    /// <param name="outputs">[N, C, d1, ...] each, the main one first.</param>
    /// <param name="target">Labels [N, d1, ...] or masks [N, C, d1, ...] of any size; floating, int64 or bool as the loss takes them.</param>
    /// <returns>Terms of scalars; an output of weight 0 has none.</returns>
    /// <exception cref="ArgumentException">There is no output, or not one for each weight, or the loss refuses one.</exception>
    public IReadOnlyList<LossTerm> Terms(IReadOnlyList<Tensor> outputs, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(target);
        var weights = _options.Weights.For(outputs.Count);
        var sum = weights.Sum();
        if (!(sum > 0))
        {
            throw new ArgumentException("Expected an output with a weight above 0.", nameof(outputs));
        }

        var all = new List<LossTerm>();
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0)
            {
                all.AddRange(TermsOf(outputs[i], target, i, _options.Normalize ? weights[i] / sum : weights[i]));
            }
        }

        return all;
    }

    private List<LossTerm> TermsOf(Tensor output, Tensor target, int scale, double weight)
    {
        using var scope = NewDisposeScope();
        var (scores, matched) = Matched(output, target);
        var terms = new List<LossTerm>();
        foreach (var term in _terms(scores, matched))
        {
            term.Value.MoveToOuterDisposeScope();
            terms.Add(term with { Name = scale == 0 ? term.Name : $"{term.Name}-{scale}", Weight = term.Weight * weight });
        }

        return terms;
    }

    private (Tensor Output, Tensor Target) Matched(Tensor output, Tensor target)
    {
        var sides = (int)output.dim() - 2;
        if (sides < 1 || target.dim() <= sides)
        {
            throw new ArgumentException(
                $"Expected outputs [N, C, d1, ...] with a target; the shapes are {output.ShapeText()} and "
                + $"{target.ShapeText()}.",
                nameof(output));
        }

        var (own, wanted) = (output.shape[2..], target.shape[^sides..]);
        return own.SequenceEqual(wanted) ? (output, target)
            : _options.Match == ScaleMatch.Output ? (Enlarged(output, wanted), target)
            : (output, Nearest(target, own));
    }

    private static Tensor Enlarged(Tensor output, long[] size)
    {
        var mode = size.Length switch
        {
            1 => InterpolationMode.Linear,
            2 => InterpolationMode.Bilinear,
            _ => InterpolationMode.Trilinear,
        };
        return nn.functional.interpolate(output, size: size, mode: mode, align_corners: false);
    }

    /// <summary>Takes the pixel under the middle of each new one; of any type.</summary>
    private static Tensor Nearest(Tensor target, long[] size)
    {
        var first = target.dim() - size.Length;
        for (var side = 0; side < size.Length; side++)
        {
            var (old, wanted) = (target.shape[first + side], size[side]);
            var at = new long[wanted];
            for (var i = 0; i < wanted; i++)
            {
                at[i] = ((2 * i) + 1) * old / (2 * wanted);
            }

            target = target.index_select(first + side, tensor(at, device: target.device));
        }

        return target;
    }
}
