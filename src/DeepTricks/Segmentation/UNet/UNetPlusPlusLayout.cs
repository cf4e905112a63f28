namespace DeepTricks.Segmentation;

/// <summary>Whose <see cref="UNetPlusPlus"/> it is: names and computation.</summary>
public enum UNetPlusPlusLayout
{
    /// <summary>
    /// ZJUGiveLab/UNet-Version: <c>conv00</c>, <c>up_concat01</c>, <c>final_1</c>; transposed convolutions upwards, joined before the maps of the level; the
    /// decoder is not normalised; with deep supervision the result is the mean of all logits.
    /// </summary>
    UNetVersion,

    /// <summary>
    /// 4uiiurz1/pytorch-nested-unet: <c>conv0_0</c>, <c>conv0_1</c>, <c>final1</c>; bilinear upwards with corners aligned, joined after the maps of the
    /// level; normalised throughout; the result is the last map. Weights begin as PyTorch's layers do.
    /// </summary>
    NestedUNet,
}
