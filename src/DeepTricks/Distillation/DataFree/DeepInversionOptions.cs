using DeepTricks.Losses;

namespace DeepTricks.Distillation;

/// <summary>What the terms of <see cref="DeepInversion"/> count; by default as in the authors' script for CIFAR-10.</summary>
public sealed record DeepInversionOptions
{
    /// <summary>The script's defaults (NVlabs/DeepInversion, cifar10): total variation 2.5e-5, statistics 100.</summary>
    public static DeepInversionOptions Official { get; } = new();

    /// <summary>The settings that its README gives for the paper's results: statistics 10, with a learning rate of 0.05.</summary>
    public static DeepInversionOptions OfficialReadme { get; } = new() { StatisticsWeight = 10 };

    /// <summary>What differences of neighbouring pixels cost, in four directions; 2.5e-5 by default.</summary>
    public double TotalVariationWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 2.5e-5;

    /// <summary>What the length of the images costs; 0 by default.</summary>
    public double L2Weight { get; init => field = SegmentationChecks.NotNegative(value); }

    /// <summary>What statistics cost that are not those in the teacher's batch normalisations; 100 by default.</summary>
    public double StatisticsWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 100;

    /// <summary>What images cost on which the student agrees with the teacher (Adaptive DeepInversion); 0 by default, 10 in the paper's ImageNet runs.</summary>
    public double CompetitionWeight { get; init => field = SegmentationChecks.NotNegative(value); }

    /// <summary>By how many pixels images are shifted at most before each pass, around the border; 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Jitter
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Jitter), value, "Expected at least 0 pixels.");
    }
        = 2;

    /// <summary>The temperature at which the networks' answers are compared; 3 by default.</summary>
    public double Temperature { get; init => field = SegmentationChecks.Positive(value); } = 3;
}
