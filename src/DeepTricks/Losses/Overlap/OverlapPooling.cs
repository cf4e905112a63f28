namespace DeepTricks.Losses;

/// <summary>What a ratio of overlap is taken of, before ratios are averaged.</summary>
public enum OverlapPooling
{
    /// <summary>Each class of each sample: MONAI's default, and the way Dice is reported.</summary>
    SampleAndClass,

    /// <summary>Each class over the whole batch: segmentation_models.pytorch, MONAI's <c>batch=True</c>. Steadier where a class is rare.</summary>
    Class,

    /// <summary>Each sample, all its classes together: the IoU loss of the authors of UNet3+.</summary>
    Sample,
}
