namespace DeepTricks.Metrics;

/// <summary>What the surface of a mask is.</summary>
public enum SurfaceKind
{
    /// <summary>The pixels of the mask that have a neighbour outside of it, each counting as one: MONAI.</summary>
    Pixels,

    /// <summary>
    /// The contour between pixels, each piece counting by its length: deepmind/surface-distance, and MONAI's <c>use_subvoxels</c>. For images, not for
    /// volumes.
    /// </summary>
    Contours,
}
