using DeepTricks.Losses;

namespace DeepTricks.Priors;

/// <summary>What a <see cref="MaskPrior"/> adds to the loss.</summary>
public sealed record MaskPriorOptions
{
    /// <summary>What multiplies the Dice loss; at least 0, 1 by default.</summary>
    public double DiceWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 1;

    /// <summary>What multiplies the binary cross entropy of the pixels; at least 0, 1 by default.</summary>
    public double CrossEntropyWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 1;
}
