namespace DeepTricks.Distillation;

/// <summary>
/// What the sum over samples and classes of a divergence is divided by. Implementations differ here by a factor of K, the number of classes, and their
/// published weights are right with their own reduction only.
/// </summary>
public enum DistillationReduction
{
    /// <summary>The samples N: the mean divergence of a sample, Hinton's quantity. PyTorch's <c>batchmean</c>; RepDistiller, mmrazor, torchdistill.</summary>
    BatchMean,

    /// <summary>The samples times the positions N·d1·…, in place of N alone; differs from <see cref="BatchMean"/> for logits [N, K, d1, …] only. mdistiller.</summary>
    PositionMean,

    /// <summary>All elements N·K·d1·…, as PyTorch's <c>KLDivLoss()</c> does unless told otherwise; smaller by K. TAKD, Tf-KD and others.</summary>
    ElementMean,

    /// <summary>Nothing.</summary>
    Sum,

    /// <summary>No sum over the samples: one value for each, [N] or [N, d1, …].</summary>
    None,
}
