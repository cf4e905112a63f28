namespace DeepTricks.Segmentation;

/// <summary>How a <see cref="UNetThreePlus"/> is built.</summary>
public sealed record UNetThreePlusOptions : UNetNetworkOptions
{
    /// <summary>UNet_3Plus of ZJUGiveLab/UNet-Version: one map, probabilities.</summary>
    public static UNetThreePlusOptions Original { get; } = new() { Probabilities = true };

    /// <summary>UNet_3Plus_DeepSup of ZJUGiveLab/UNet-Version: a map of each level, probabilities.</summary>
    public static UNetThreePlusOptions OriginalDeepSupervision { get; } = new() { Probabilities = true, DeepSupervision = true };

    /// <summary>UNet_3Plus_DeepSup_CGM of ZJUGiveLab/UNet-Version: a map of each level, the hard gate, probabilities.</summary>
    public static UNetThreePlusOptions OriginalGuided { get; } = OriginalDeepSupervision with { Guidance = ClassificationGuidance.Hard };

    /// <summary>Whether each level has a map of its own, to put a loss on; false by default.</summary>
    public bool DeepSupervision { get; init; }

    /// <summary>The classification-guided module; none by default. To train one, take <see cref="ClassificationGuidance.Soft"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration.</exception>
    public ClassificationGuidance Guidance
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Guidance), value, "Expected None, Hard or Soft.");
    }
}
