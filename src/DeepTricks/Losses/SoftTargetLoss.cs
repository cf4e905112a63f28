using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// Softmax cross-entropy against targets that depend on the class alone, with a term in the entropy of the prediction: what
/// label smoothing and the confidence penalty have in common. Single precision on the CPU runs in one kernel that stores
/// nothing of the size of the logits; everything else runs in tensor operations that compute the same.
/// </summary>
/// <param name="Labels">The class of each row, int64; null for the entropy's term alone.</param>
/// <param name="Smoothing">ε, where no table of targets is given.</param>
/// <param name="Targets">A distribution for each class; null for (1 − ε) one-hot + ε/K.</param>
/// <param name="Weight">A weight for each class; null for 1.</param>
/// <param name="Beta">β of the entropy's term; 0 for none.</param>
/// <param name="Threshold">Γ in β·max(0, Γ − H); infinite for −β·H.</param>
/// <param name="IgnoreIndex">Rows of this label count for nothing.</param>
/// <param name="Reduction">Mean divides by the sum of the rows' class weights, as PyTorch does.</param>
/// <param name="EntropyOnly">Labels say which rows are ignored, and there is no cross-entropy.</param>
internal sealed record SoftTargetLoss(
    Tensor? Labels,
    double Smoothing = 0,
    ClassTargets? Targets = null,
    Tensor? Weight = null,
    double Beta = 0,
    double Threshold = double.PositiveInfinity,
    long IgnoreIndex = SoftTargetLoss.DefaultIgnoreIndex,
    nn.Reduction Reduction = nn.Reduction.Mean,
    bool EntropyOnly = false)
{
    /// <summary>PyTorch's default.</summary>
    public const long DefaultIgnoreIndex = -100;

    private const double SmallestLogarithm = -10_000;

    /// <summary>Computes the loss of logits [N, K] or [N, K, d1, ...] with labels [N] or [N, d1, ...].</summary>
    public Tensor Of(Tensor logits)
    {
        SoftTargetChecks.Check(this, logits);
        using var scope = NewDisposeScope();
        if (logits.dim() == 2)
        {
            return OfRows(logits).MoveToOuterDisposeScope();
        }

        var rows = this with { Labels = Labels?.reshape(-1) };
        var losses = rows.OfRows(logits.movedim([1], [-1]).reshape(-1, logits.shape[1]));
        return (Reduction == nn.Reduction.None ? losses.reshape(SoftTargetChecks.LabelShape(logits)) : losses).MoveToOuterDisposeScope();
    }

    /// <summary>What a mean divides by: how many labels are not ignored, or the sum of their classes' weights. A scalar on the labels' device.</summary>
    public static Tensor Items(Tensor labels, Tensor? weight, long ignoreIndex)
    {
        using var scope = NewDisposeScope();
        var valid = labels.ne(ignoreIndex);
        var items = weight is null
            ? valid.sum()
            : (weight.index_select(0, labels.where(valid, torch.zeros_like(labels)).reshape(-1)) * valid.reshape(-1)).sum();
        return items.MoveToOuterDisposeScope();
    }

    private Tensor OfRows(Tensor logits)
    {
        if (logits.dtype is ScalarType.Float16 or ScalarType.BFloat16)
        {
            // Sums over classes and rows do not fit into so few digits.
            return OfRows(logits.to(ScalarType.Float32)).to(logits.dtype);
        }

        if (logits.is_cpu() && logits.dtype == ScalarType.Float32 && logits.numel() <= int.MaxValue / sizeof(float))
        {
            return SoftTargetFunction.apply(logits, SoftTargetCall.For(this, (int)logits.shape[1]));
        }

        if (Labels is not null)
        {
            SoftTargetChecks.CheckRange(Labels, logits.shape[1], IgnoreIndex);
        }

        return InTensors(logits);
    }

    /// <summary>The same in tensor operations, of any device and floating type, differentiable as often as wanted.</summary>
    public Tensor InTensors(Tensor logits)
    {
        var logP = nn.functional.log_softmax(logits, 1);
        var losses = Beta == 0 && Labels is not null && !EntropyOnly ? null : EntropyTerm(logP);
        if (Labels is null)
        {
            return Reduction switch
            {
                nn.Reduction.None => losses!,
                nn.Reduction.Sum => losses!.sum(),
                _ => losses!.mean(),
            };
        }

        var classes = logits.shape[1];
        var valid = Labels.ne(IgnoreIndex);
        var labels = Labels.where(valid, torch.zeros_like(Labels));
        var weight = Weight?.to(logits.dtype) ?? torch.ones(classes, logits.dtype, logits.device);
        if (!EntropyOnly)
        {
            var crossEntropy = Targets is { } targets
                ? (targets.On(logits).index_select(0, labels) * weight * logP).sum(1).neg()
                : Smoothed(logP, labels, weight, classes);
            losses = losses is null ? crossEntropy : crossEntropy + losses;
        }

        losses = losses!.where(valid, torch.zeros_like(losses));
        return Reduction switch
        {
            nn.Reduction.None => losses,
            nn.Reduction.Sum => losses.sum(),
            _ => losses.sum() / Items(Labels, weight, IgnoreIndex),
        };
    }

    private Tensor Smoothed(Tensor logP, Tensor labels, Tensor weight, long classes)
    {
        var hard = (logP.gather(1, labels.unsqueeze(1)).squeeze(1) * weight.index_select(0, labels)).neg();
        return Smoothing == 0 ? hard : (hard * (1 - Smoothing)) - ((logP * weight).sum(1) * (Smoothing / classes));
    }

    private Tensor EntropyTerm(Tensor logP)
    {
        // p log p is 0 at p = 0, where −∞ times 0 would be NaN. Long before the bound p is 0 in any floating type.
        var entropy = (logP.exp() * logP.clamp_min(SmallestLogarithm)).sum(1).neg();
        return double.IsPositiveInfinity(Threshold) ? entropy * -Beta : (Threshold - entropy).clamp_min(0) * Beta;
    }
}
