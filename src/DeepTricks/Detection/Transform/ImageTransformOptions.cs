using TorchSharp;

namespace DeepTricks.Detection;

/// <summary>How images come into a detection model. The defaults are torchvision's.</summary>
public sealed record ImageTransformOptions
{
    /// <summary>
    /// What the shorter side of an image becomes, in pixels; of several values one is drawn for each image in training, and the last one is used in
    /// evaluation. 800 by default.
    /// </summary>
    /// <exception cref="ArgumentException">There is none, or one is below 1.</exception>
    public IReadOnlyList<int> MinSizes
    {
        get;
        init => field = value is { Count: > 0 } && value.All(size => size > 0) ? value : throw new ArgumentException("Expected at least one size above 0.", nameof(MinSizes));
    }
        = [800];

    /// <summary>What the longer side becomes at most; 1333 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxSize), value, "Expected at least 1.");
    }
        = 1333;

    /// <summary>What is subtracted from each channel; ImageNet's means of red, green and blue by default.</summary>
    public IReadOnlyList<double> Mean { get; init => field = value ?? throw new ArgumentNullException(nameof(Mean)); } = [0.485, 0.456, 0.406];

    /// <summary>What each channel is divided by; ImageNet's deviations by default.</summary>
    /// <exception cref="ArgumentException">One is not above 0.</exception>
    public IReadOnlyList<double> Deviation
    {
        get;
        init => field = value?.All(one => one > 0) == true ? value : throw new ArgumentException("Expected deviations above 0.", nameof(Deviation));
    }
        = [0.229, 0.224, 0.225];

    /// <summary>The padded height and width are multiples of this; 32 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int SizeDivisor
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(SizeDivisor), value, "Expected at least 1.");
    }
        = 32;

    /// <summary>Draws among <see cref="MinSizes"/>; a generator of the CPU. Null, the default, for libtorch's own.</summary>
    public torch.Generator? Generator { get; init; }
}
