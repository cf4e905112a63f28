namespace DeepTricks.Detection;

/// <summary>How an R-CNN looks at a picture. The defaults are those of the paper and of its authors' code.</summary>
public sealed record RegionCnnOptions
{
    private const int ColorChannels = 3;

    /// <summary>How regions are proposed: selective search in fast mode on the picture scaled to a width of 500, by default.</summary>
    public SelectiveSearchOptions Search { get; init; } = SelectiveSearchOptions.Fast with { Width = 500 };

    /// <summary>What crops the network gets; stretched to 227 × 227 with 16 pixels of surroundings by default.</summary>
    public RegionWarpOptions Crop { get; init; } = new();

    /// <summary>What is subtracted from the channels of a picture in [0, 1]; ImageNet's mean by default.</summary>
    /// <exception cref="ArgumentException">There are not three values.</exception>
    public IReadOnlyList<float> Mean { get; init => field = Three(value, nameof(Mean)); } = [0.485f, 0.456f, 0.406f];

    /// <summary>What they are divided by then; ImageNet's standard deviation by default.</summary>
    /// <exception cref="ArgumentException">There are not three values.</exception>
    public IReadOnlyList<float> StandardDeviation { get; init => field = Three(value, nameof(StandardDeviation)); } = [0.229f, 0.224f, 0.225f];

    /// <summary>The crops that go through the network at once; 64 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize { get; init => field = AtLeastOne(value, nameof(BatchSize)); } = 64;

    /// <summary>Regions whose margin is not above this are no detections; −1 by default, as in the authors' example. At 0 a region is likelier the class than not.</summary>
    public double ScoreThreshold { get; init; } = -1;

    /// <summary>Of the detections of a class, those that overlap a better one by a larger IoU are dropped; 0.3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double NmsThreshold
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(NmsThreshold), value, "Expected 0 to 1.");
    }
        = 0.3;

    /// <summary>The most detections in a picture, those with the highest scores; 100 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaximumDetections { get; init => field = AtLeastOne(value, nameof(MaximumDetections)); } = 100;

    private static int AtLeastOne(int value, string name) => value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least 1.");

    private static IReadOnlyList<float> Three(IReadOnlyList<float> values, string name) =>
        values is { Count: ColorChannels } ? values : throw new ArgumentException($"Expected {ColorChannels} values.", name);
}
