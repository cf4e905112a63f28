using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>
/// Cross-entropy plus λ times the cost to be expected of the prediction, Σ_c p_c · cost(y, c): mistakes inside a super-class may cost less
/// than mistakes across (cost-sensitive learning, with the costs of a class hierarchy).
/// </summary>
public sealed class HierarchicalCostLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly ClassCosts _costs;
    private readonly HierarchicalCostOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="costs">The cost of each mistake.</param>
    /// <param name="options">The settings; λ = 1 where null.</param>
    public HierarchicalCostLoss(ClassCosts costs, HierarchicalCostOptions? options = null)
        : base(nameof(HierarchicalCostLoss))
    {
        ArgumentNullException.ThrowIfNull(costs);
        (_costs, _options) = (costs, options ?? new());
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor logits, Tensor labels) =>
        Compute(logits, labels, _costs, _options.Weight, _options.IgnoreIndex, _options.Reduction);

    /// <summary>Cross-entropy plus λ times the expected cost.</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device.</param>
    /// <param name="costs">The cost of each mistake among the K classes.</param>
    /// <param name="weight">λ, at least 0.</param>
    /// <param name="ignoreIndex">Samples with this label count for nothing.</param>
    /// <param name="reduction">The mean divides by the number of samples that count; it is NaN where there is none.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(
        Tensor logits, Tensor labels, ClassCosts costs, double weight = HierarchicalCostOptions.DefaultWeight,
        long ignoreIndex = LabelSmoothingOptions.DefaultIgnoreIndex, nn.Reduction reduction = nn.Reduction.Mean)
    {
        HierarchicalCostOptions.CheckWeight(weight);
        using var scope = NewDisposeScope();
        var cost = Expected(logits, labels, costs, ignoreIndex, reduction);
        var crossEntropy = new SoftTargetLoss(labels, IgnoreIndex: ignoreIndex, Reduction: reduction).Of(logits);
        return (crossEntropy + (cost * weight)).MoveToOuterDisposeScope();
    }

    /// <summary>The expected cost alone, to be added to any loss: Σ_c p_c · cost(y, c).</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device.</param>
    /// <param name="costs">The cost of each mistake among the K classes.</param>
    /// <param name="ignoreIndex">Samples with this label count for nothing.</param>
    /// <param name="reduction">The mean divides by the number of samples that count; it is NaN where there is none.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Expected(
        Tensor logits, Tensor labels, ClassCosts costs,
        long ignoreIndex = LabelSmoothingOptions.DefaultIgnoreIndex, nn.Reduction reduction = nn.Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(costs);
        SoftTargetChecks.Check(new(labels), logits);
        var classes = logits.shape[1];
        if (costs.Classes != classes)
        {
            throw new ArgumentException($"The costs are for {costs.Classes} classes; the logits have {classes}.", nameof(logits));
        }

        SoftTargetChecks.CheckRange(labels, classes, ignoreIndex);
        using var scope = NewDisposeScope();
        var rows = logits.dim() == 2 ? logits : logits.movedim([1], [-1]).reshape(-1, classes);
        var single = rows.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? rows.to(ScalarType.Float32) : rows;
        var flat = labels.reshape(-1);
        var valid = flat.ne(ignoreIndex);
        var table = costs.On(single.dtype, single.device).index_select(0, flat.where(valid, zeros_like(flat)));
        var expected = (nn.functional.softmax(single, 1) * table).sum(1);
        expected = expected.where(valid, zeros_like(expected));
        var result = reduction switch
        {
            nn.Reduction.None => expected.reshape(labels.shape),
            nn.Reduction.Sum => expected.sum(),
            _ => expected.sum() / valid.sum(),
        };
        return result.to(logits.dtype).MoveToOuterDisposeScope();
    }
}
