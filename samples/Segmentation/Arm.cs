namespace SegmentationSample;

/// <summary>One way of training the network.</summary>
/// <param name="Name">The name in the table and the charts.</param>
internal sealed record Arm(string Name)
{
    /// <summary>Each trick of UNet 3+ alone, two together, and all three.</summary>
    public static IReadOnlyList<Arm> All { get; } =
    [
        new("cross-entropy"),
        new("deep supervision") { DeepSupervision = true },
        new("hybrid loss") { Hybrid = true },
        new("both") { DeepSupervision = true, Hybrid = true },
        new("both, guided") { DeepSupervision = true, Hybrid = true, Guided = true },
    ];

    /// <summary>Whether each level of the decoder has a map and a loss of its own.</summary>
    public bool DeepSupervision { get; private init; }

    /// <summary>Whether the loss is the sum of focal loss, MS-SSIM and IoU instead of the cross-entropy of pixels.</summary>
    public bool Hybrid { get; private init; }

    /// <summary>Whether a classification of the slice, trained with it, gates the maps.</summary>
    public bool Guided { get; private init; }
}
