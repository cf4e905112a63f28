namespace DeepTricks.Detection;

/// <summary>How a region of any shape becomes a square crop (appendix A of the R-CNN paper).</summary>
public enum RegionWarpMode
{
    /// <summary>The region with some of its surroundings, stretched to the square: what the paper uses.</summary>
    Warp,

    /// <summary>The smallest square around the region, with what lies in it and around it.</summary>
    Square,

    /// <summary>The smallest square around the region; what is not of the region is left empty.</summary>
    SquareWithoutContext,
}
