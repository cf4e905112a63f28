namespace DeepTricks.Segmentation;

/// <summary>How a <see cref="UNetPlusPlus"/> is built.</summary>
public sealed record UNetPlusPlusOptions : UNetNetworkOptions
{
    /// <summary>UNet_2Plus of ZJUGiveLab/UNet-Version: the defaults, and probabilities.</summary>
    public static UNetPlusPlusOptions Original { get; } = new() { Probabilities = true };

    /// <summary>NestedUNet of 4uiiurz1/pytorch-nested-unet: 32 to 512 channels, one map, logits.</summary>
    public static UNetPlusPlusOptions NestedUNet { get; } = new() { Layout = UNetPlusPlusLayout.NestedUNet, Filters = [32, 64, 128, 256, 512], DeepSupervision = false };

    /// <summary>Whose network it is; <see cref="UNetPlusPlusLayout.UNetVersion"/> by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration.</exception>
    public UNetPlusPlusLayout Layout
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Layout), value, "Expected UNetVersion or NestedUNet.");
    }

    /// <summary>
    /// Whether the map of every depth is trained, which pruning needs; true by default, as in the original.
    /// </summary>
    public bool DeepSupervision { get; init; } = true;
}
