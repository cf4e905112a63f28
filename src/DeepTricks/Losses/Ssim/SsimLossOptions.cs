using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>How structural similarity is computed; by default as in Wang et al., 2004, for values in [0, 1].</summary>
public record SsimLossOptions
{
    /// <summary>11 pixels, as in the paper.</summary>
    public const int DefaultWindowSize = 11;

    /// <summary>1.5 pixels, as in the paper.</summary>
    public const double DefaultSigma = 1.5;

    /// <summary>What turns scores into probabilities; none by default, as for images.</summary>
    public ScoreActivation Activation { get; init; } = ScoreActivation.None;

    /// <summary>Pixels with this label, or this value of a mask, are 0 in both images; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = SegmentationInput.DefaultIgnoreIndex;

    /// <summary>The side of the Gaussian window in pixels, odd; 11 by default.</summary>
    public int WindowSize { get; init => field = CheckWindow(value); } = DefaultWindowSize;

    /// <summary>The standard deviation of the window in pixels; 1.5 by default.</summary>
    public double Sigma { get; init => field = SegmentationChecks.Positive(value); } = DefaultSigma;

    /// <summary>K₁, against division by 0 in the luminance; 0.01 by default.</summary>
    public double K1 { get; init => field = SegmentationChecks.NotNegative(value); } = 0.01;

    /// <summary>K₂, against division by 0 in contrast and structure; 0.03 by default.</summary>
    public double K2 { get; init => field = SegmentationChecks.NotNegative(value); } = 0.03;

    /// <summary>
    /// The distance between the largest and the smallest possible value; 1 by default. Null has it guessed from the first image, as the authors of
    /// UNet3+ do: 255 for a value above 128, else 1, and one more for a value below −0.5.
    /// </summary>
    public double? DataRange { get; init => field = value is { } range ? SegmentationChecks.Positive(range, nameof(value)) : null; } = 1;

    /// <summary>The mean over the samples by default; without a reduction [N], where the variant has a value for each sample.</summary>
    public nn.Reduction Reduction { get; init; } = nn.Reduction.Mean;

    private static int CheckWindow(int size) =>
        size > 0 && size % 2 == 1 ? size : throw new ArgumentOutOfRangeException(nameof(size), size, "Expected an odd number of pixels.");
}
