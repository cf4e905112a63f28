namespace DeepTricks.Detection;

/// <summary>What the crops of regions are like.</summary>
public sealed record RegionWarpOptions
{
    /// <summary>The width and height of a crop; 227 by default, what the paper's network takes. Backbones trained on ImageNet since then take 224.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Size { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Size), value, "Expected at least 1."); } = 227;

    /// <summary>The pixels of a crop, on each side, that show the surroundings of the region; 16 by default, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Padding { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Padding), value, "Expected at least 0."); } = 16;

    /// <summary>Stretched, with surroundings, by default.</summary>
    public RegionWarpMode Mode { get; init; } = RegionWarpMode.Warp;

    /// <summary>
    /// The bilinear samples along each side of a crop's pixel, whose mean is taken: 1 by default, as in the authors' code, which leaves large regions
    /// coarse; 0 takes as many as the region has pixels there.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int SamplingRatio
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(SamplingRatio), value, "Expected at least 0.");
    }
        = 1;

    /// <summary>By how much the region grows about its centre, so that its surroundings fill the padding.</summary>
    internal double Growth => 2 * Padding < Size
        ? Size / (double)(Size - (2 * Padding))
        : throw new ArgumentException($"A padding of {Padding} on both sides leaves nothing of a crop of {Size}; expected less than half.", "options");
}
