namespace DeepTricks.Segmentation;

/// <summary>How a <see cref="UNet"/> is built.</summary>
public sealed record UNetOptions : UNetNetworkOptions
{
    /// <summary>UNet of ZJUGiveLab/UNet-Version: the defaults, and probabilities.</summary>
    public static UNetOptions Original { get; } = new() { Probabilities = true };
}
