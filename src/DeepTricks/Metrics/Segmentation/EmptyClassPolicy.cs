namespace DeepTricks.Metrics;

/// <summary>What a ratio of overlap counts for where a class is absent. Implementations disagree, and a mean over classes shows it.</summary>
public enum EmptyClassPolicy
{
    /// <summary>
    /// Left out of the mean where the class is in neither the prediction nor the truth; pixels wrongly given to an absent class make it 0. So do
    /// torchmetrics (whose scores for each class say −1 or NaN there), and the benchmarks of PASCAL VOC and Cityscapes.
    /// </summary>
    LeaveOutAbsent,

    /// <summary>
    /// Left out of the mean where the truth has no pixel of the class, whatever was predicted: MONAI's <c>ignore_empty=True</c>, its default. Pixels
    /// wrongly given to an absent class cost nothing.
    /// </summary>
    LeaveOutWithoutTruth,

    /// <summary>
    /// 1 where the class is in neither: MONAI's <c>ignore_empty=False</c>, segmentation_models.pytorch's <c>zero_division=1</c>, its default,
    /// and refinenet-pytorch.
    /// </summary>
    CountAsOne,

    /// <summary>0 where the class is in neither: segmentation_models.pytorch's <c>zero_division=0</c>, and scikit-learn.</summary>
    CountAsZero,
}
