namespace DeepTricks.Detection;

/// <summary>
/// The strategies of selective search: every colour space with every scale gives a segmentation, and every similarity groups it once. The defaults are
/// those of <see cref="Fast"/>.
/// </summary>
public sealed record SelectiveSearchOptions
{
    /// <summary>The paper's fast mode, 8 strategies: HSV and L*a*b*; k = 50 and 100; all similarities, and those without colour.</summary>
    public static SelectiveSearchOptions Fast { get; } = new();

    /// <summary>
    /// The paper's quality mode, 80 strategies: HSV, L*a*b*, rgI, hue and intensity; k = 50, 100, 150 and 300; all similarities, those without colour,
    /// fill alone, and size alone.
    /// </summary>
    public static SelectiveSearchOptions Quality { get; } = new()
    {
        ColorSpaces = [SearchColorSpace.Hsv, SearchColorSpace.Lab, SearchColorSpace.NormalizedRedGreen, SearchColorSpace.Hue, SearchColorSpace.Intensity],
        Scales = [50, 100, 150, 300],
        Similarities = [RegionSimilarities.All, RegionSimilarities.All & ~RegionSimilarities.Color, RegionSimilarities.Fill, RegionSimilarities.Size],
    };

    /// <summary>One strategy, the paper's "single": HSV, k = 100, all similarities.</summary>
    public static SelectiveSearchOptions Single { get; } = new()
    {
        ColorSpaces = [SearchColorSpace.Hsv],
        Scales = [100],
        Similarities = [RegionSimilarities.All],
    };

    /// <summary>The colour spaces; HSV and L*a*b* by default.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public IReadOnlyList<SearchColorSpace> ColorSpaces { get; init => field = Some(value, nameof(ColorSpaces)); } = [SearchColorSpace.Hsv, SearchColorSpace.Lab];

    /// <summary>k of the first segmentations, for colours from 0 to 255, which is their least size in pixels too; 50 and 100 by default.</summary>
    /// <exception cref="ArgumentException">There are none, or one is below 1.</exception>
    public IReadOnlyList<int> Scales
    {
        get;
        init => field = Some(value, nameof(Scales)).All(scale => scale >= 1) ? value : throw new ArgumentException("Expected scales of at least 1.", nameof(Scales));
    }
        = [50, 100];

    /// <summary>By what regions are grouped; all four, and all but colour, by default.</summary>
    /// <exception cref="ArgumentException">There are none, or one is empty.</exception>
    public IReadOnlyList<RegionSimilarities> Similarities
    {
        get;
        init => field = Some(value, nameof(Similarities)).All(one => one is > 0 and <= RegionSimilarities.All)
            ? value
            : throw new ArgumentException("Expected combinations of the four similarities.", nameof(Similarities));
    }
        = [RegionSimilarities.All, RegionSimilarities.All & ~RegionSimilarities.Color];

    /// <summary>The standard deviation in pixels of the Gaussian before the first segmentation; 0.8 by default, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Sigma { get; init => field = GraphSegmentationOptions.NotNegative(value, nameof(Sigma)); } = 0.8;

    /// <summary>
    /// The width in pixels to which a picture is scaled for the search, since scales and sides are counted in pixels; boxes are scaled back.
    /// Null, the default, searches the picture as it is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Width { get; init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Width), value, "Expected at least 1."); }

    /// <summary>Boxes whose width or height is smaller, in pixels of the picture that is searched, are left out; 20 by default, as in the authors' example.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double MinimumSide { get; init => field = GraphSegmentationOptions.NotNegative(value, nameof(MinimumSide)); } = 20;

    /// <summary>The most boxes that are kept, the first ones of the order; null, the default, keeps all: about 2,000 of a picture 500 wide in fast mode.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? MaximumBoxes { get; init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumBoxes), value, "Expected at least 1."); }

    /// <summary>
    /// Decides the order: a box's place in its hierarchy, from the whole picture down, times a random number from 0 to 1, as in the paper. Default 0.
    /// </summary>
    public long Seed { get; init; }

    private static IReadOnlyList<T> Some<T>(IReadOnlyList<T> values, string name) => values is { Count: > 0 } ? values : throw new ArgumentException("Expected at least one.", name);
}
