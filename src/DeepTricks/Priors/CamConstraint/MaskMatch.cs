namespace DeepTricks.Priors;

/// <summary>How a mask meets a map of another size.</summary>
public enum MaskMatch
{
    /// <summary>A place of the map is inside where any pixel under it is: the border of the object costs nothing.</summary>
    Cover,

    /// <summary>A place of the map is inside by the part of it that the mask covers.</summary>
    Area,

    /// <summary>A place of the map is what the pixel in its upper left corner is, as libtorch's nearest interpolation takes it.</summary>
    Nearest,

    /// <summary>The map is enlarged to the mask, bilinearly.</summary>
    EnlargeEvidence,
}
