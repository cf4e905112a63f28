namespace DeepTricks.Detection;

/// <summary>How regions become detections, and how that is learned. The defaults are torchvision's.</summary>
public sealed record RegionHeadOptions
{
    /// <summary>Which proposals stand for objects in training: at overlaps of at least 0.5, below not, by default.</summary>
    public BoxMatcher Matcher { get; init => field = value ?? throw new ArgumentNullException(nameof(Matcher)); } = new(0.5, 0.5);

    /// <summary>Proposals that overlap every object by less are not trained with; 0 by default, 0.1 in the paper of Fast R-CNN.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double BackgroundFloor { get; init => field = OptionChecks.Share(value); }

    /// <summary>Which proposals of an image the training looks at; 512, of which a quarter positive, by default, drawn by libtorch's own generator.</summary>
    public BalancedSampler Sampler { get; init => field = value ?? throw new ArgumentNullException(nameof(Sampler)); } = new(512, 0.25);

    /// <summary>How boxes are written as moves of regions; with weights of 10 and 5 by default.</summary>
    public BoxCoder Coder { get; init => field = value ?? throw new ArgumentNullException(nameof(Coder)); } = new() { ShiftWeight = 10, ScaleWeight = 5 };

    /// <summary>A detection is more probable than this; in [0, 1], 0.05 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double ScoreThreshold { get; init => field = OptionChecks.Share(value); } = 0.05;

    /// <summary>Of two detections of a class that overlap by more than this the surer stays; in [0, 1], 0.5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double NmsThreshold { get; init => field = OptionChecks.Share(value); } = 0.5;

    /// <summary>How many detections an image has at most; 100 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int DetectionsPerImage { get; init => field = OptionChecks.Count(value); } = 100;

    /// <summary>Both sides of a detection are at least so long, in pixels of the resized image; 0.01 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or not finite.</exception>
    public double MinSide { get; init => field = OptionChecks.Length(value); } = 0.01;
}
