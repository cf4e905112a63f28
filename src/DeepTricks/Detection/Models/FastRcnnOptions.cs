using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>How a Fast R-CNN is put together. The defaults are those of its paper (Girshick 2015).</summary>
public sealed record FastRcnnOptions
{
    /// <summary>The classes with the background, which is 0; 21 by default, Pascal VOC's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public long NumClasses
    {
        get;
        init => field = value > 1 ? value : throw new ArgumentOutOfRangeException(nameof(NumClasses), value, "Expected at least 2: the background and a class.");
    }
        = 21;

    /// <summary>How images come into the model: a shorter side of 600 pixels, a longer one of 1000 at most, by default.</summary>
    public ImageTransformOptions Transform { get; init => field = value ?? throw new ArgumentNullException(nameof(Transform)); } = new() { MinSizes = [600], MaxSize = 1000 };

    /// <summary>
    /// How regions become detections: 64 of an image to train with, of which a quarter positive and the others with overlaps from 0.1 to 0.5, and suppression above
    /// an overlap of 0.3, by default.
    /// </summary>
    public RegionHeadOptions Regions { get; init => field = value ?? throw new ArgumentNullException(nameof(Regions)); } =
        new() { BackgroundFloor = 0.1, Sampler = new(64, 0.25), NmsThreshold = 0.3 };

    /// <summary>The rows and columns that a region is read in; 7 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BoxSize { get; init => field = OptionChecks.Count(value); } = 7;

    /// <summary>The outputs of the two linear layers; 4096 by default, VGG's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BoxWidth { get; init => field = OptionChecks.Count(value); } = 4096;

    /// <summary>The probability of dropout behind each linear layer, in [0, 1); 0.5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Dropout { get; init => field = Backbones.Probability.Check(value, nameof(Dropout)); } = 0.5;

    /// <summary>How many of VGG's five stages learn, counted from the last; 3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int TrainableStages
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(TrainableStages), value, "Expected at least 0.");
    }
        = 3;

    /// <summary>Draws the first weights and, where the options have the default for it, what the training draws; a generator of the CPU. Null, the default, for libtorch's own.</summary>
    public Generator? Generator { get; init; }
}
