using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>What the terms of <see cref="Dafl"/> count; by default as in the authors' script for MNIST and CIFAR.</summary>
public sealed record DaflOptions
{
    /// <summary>The authors' settings (huawei-noah/Efficient-Computing, DAFL): 1, 5 and 0.1, the student at T = 1.</summary>
    public static DaflOptions Official { get; } = new();

    /// <summary>mmrazor's settings for CIFAR-10: 0.05, 5 and 0.01, the student at T = 6.</summary>
    public static DaflOptions MmRazor { get; } = new() { OneHotWeight = 0.05, ActivationWeight = 0.01, Temperature = 6 };

    /// <summary>What a generated image costs that the teacher is not sure of; 1 by default.</summary>
    public double OneHotWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 1;

    /// <summary>What a batch costs whose classes are not equally frequent; 5 by default.</summary>
    public double EntropyWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 5;

    /// <summary>What an image costs that activates the teacher little; 0.1 by default.</summary>
    public double ActivationWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 0.1;

    /// <summary>What the student's distance from the teacher counts; 1 by default.</summary>
    public double StudentWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 1;

    /// <summary>The temperature of the student's loss, which is multiplied by its square; 1 by default.</summary>
    public double Temperature { get; init => field = SegmentationChecks.Positive(value); } = 1;
}
