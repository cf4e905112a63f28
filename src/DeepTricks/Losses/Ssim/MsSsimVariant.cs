namespace DeepTricks.Losses;

/// <summary>Whose multi-scale structural similarity it is.</summary>
public enum MsSsimVariant
{
    /// <summary>
    /// Wang, Simoncelli and Bovik, 2003, as pytorch-msssim has it: for each sample and channel Π cs_l^w_l · ssim_L^w_L, negative factors as 0. Images have
    /// to be larger than (window − 1) · 2^(levels − 1), 160 pixels by default.
    /// </summary>
    Textbook,

    /// <summary>
    /// The repository of the authors of UNet3+ (ZJUGiveLab/UNet-Version): means over the whole batch, brought from [−1, 1] to [0, 1], and the last
    /// level inside the product, that is to the power (levels − 1) · w_L. The window shrinks with the image, so that small ones have a value too.
    /// </summary>
    UNet3Plus,
}
