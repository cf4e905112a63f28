using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>How a Faster R-CNN is put together. The defaults are those of torchvision's.</summary>
public record FasterRcnnOptions
{
    /// <summary>The classes with the background, which is 0; 91 by default, COCO's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public long NumClasses
    {
        get;
        init => field = value > 1 ? value : throw new ArgumentOutOfRangeException(nameof(NumClasses), value, "Expected at least 2: the background and a class.");
    }
        = 91;

    /// <summary>How images come into the model: a shorter side of 800 pixels, a longer one of 1333 at most, by default.</summary>
    public ImageTransformOptions Transform { get; init => field = value ?? throw new ArgumentNullException(nameof(Transform)); } = new();

    /// <summary>The anchors; where null, the default, those that <see cref="AnchorGenerator.For"/> finds for the strides of the backbone.</summary>
    public AnchorGenerator? Anchors { get; init; }

    /// <summary>How regions are proposed.</summary>
    public RegionProposalOptions Proposals { get; init => field = value ?? throw new ArgumentNullException(nameof(Proposals)); } = new();

    /// <summary>How regions become detections.</summary>
    public RegionHeadOptions Regions { get; init => field = value ?? throw new ArgumentNullException(nameof(Regions)); } = new();

    /// <summary>The 3 × 3 convolutions of the region proposals' head; 1 by default, 2 in the second versions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int ProposalDepth { get; init => field = OptionChecks.Count(value); } = 1;

    /// <summary>The rows and columns that a region is read in for its box; 7 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BoxSize { get; init => field = OptionChecks.Count(value); } = 7;

    /// <summary>
    /// The channels of the box head's convolutions, each with a BatchNorm2d; none by default, which makes it a <see cref="LinearBoxHead"/>. Four times 256 in the
    /// second versions.
    /// </summary>
    /// <exception cref="ArgumentException">One is below 1.</exception>
    public IReadOnlyList<long> BoxConvolutions { get; init => field = OptionChecks.Widths(value); } = [];

    /// <summary>The outputs of the box head's linear layers; 1024 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BoxWidth { get; init => field = OptionChecks.Count(value); } = 1024;

    /// <summary>
    /// How many of the backbone's stages learn, counted from the last, in the models with a name; 3 by default, as where torchvision starts from
    /// weights that are trained. All of them are 5 in a ResNet and 6 in MobileNetV3.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int TrainableStages
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(TrainableStages), value, "Expected at least 0.");
    }
        = 3;

    /// <summary>
    /// Draws the first weights and, where <see cref="Proposals"/>, <see cref="Regions"/> and <see cref="Transform"/> have the default for it, what the
    /// training draws; a generator of the CPU. Null, the default, for libtorch's own.
    /// </summary>
    public Generator? Generator { get; init; }
}
