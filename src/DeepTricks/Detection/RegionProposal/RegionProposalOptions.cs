using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>How regions are proposed, and how that is learned. The defaults are torchvision's.</summary>
public sealed record RegionProposalOptions
{
    /// <summary>How many of the likeliest anchors of each map are looked at in training; 2000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int CandidatesInTraining { get; init => field = OptionChecks.Count(value); } = 2000;

    /// <summary>How many of the likeliest anchors of each map are looked at; 1000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Candidates { get; init => field = OptionChecks.Count(value); } = 1000;

    /// <summary>How many regions of an image are proposed at most in training; 2000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int ProposalsInTraining { get; init => field = OptionChecks.Count(value); } = 2000;

    /// <summary>How many regions of an image are proposed at most; 1000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Proposals { get; init => field = OptionChecks.Count(value); } = 1000;

    /// <summary>Of two regions of a map that overlap by more than this the likelier stays; in [0, 1], 0.7 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double NmsThreshold { get; init => field = OptionChecks.Share(value); } = 0.7;

    /// <summary>A region is at least so likely; in [0, 1], 0 by default, 0.05 in torchvision's MobileNets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double ScoreThreshold { get; init => field = OptionChecks.Share(value); }

    /// <summary>Both sides of a region are at least so long, in pixels of the resized image; 0.001 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or not finite.</exception>
    public double MinSide { get; init => field = OptionChecks.Length(value); } = 0.001;

    /// <summary>Which anchors stand for objects in training: at overlaps of at least 0.7, below 0.3 not, and an object's best ones always, by default.</summary>
    public BoxMatcher Matcher { get; init => field = value ?? throw new ArgumentNullException(nameof(Matcher)); } = new(0.7, 0.3, keepBest: true);

    /// <summary>Which anchors of an image the training looks at; 256, of which half positive, by default, drawn by libtorch's own generator.</summary>
    public BalancedSampler Sampler { get; init => field = value ?? throw new ArgumentNullException(nameof(Sampler)); } = new(256, 0.5);
}
