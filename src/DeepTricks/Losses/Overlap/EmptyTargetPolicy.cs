namespace DeepTricks.Losses;

/// <summary>What a ratio of overlap counts for where the target has no pixel of the class.</summary>
public enum EmptyTargetPolicy
{
    /// <summary>
    /// As the formula says: with smoothing about 0 where the prediction is empty too and about 1 where it is not (MONAI's losses); without smoothing
    /// 1, or NaN where both are empty (the authors of UNet3+).
    /// </summary>
    AsComputed,

    /// <summary>The loss is 0 and stays in the mean: segmentation_models.pytorch. Pixels wrongly given to the class cost nothing.</summary>
    CountAsZero,

    /// <summary>Left out of the mean, as MONAI's metrics do; the loss is 0 where all are left out.</summary>
    LeaveOut,
}
