namespace DeepTricks.Detection;

/// <summary>What of a detection is held against the ground truth.</summary>
public enum OverlapKind
{
    /// <summary>The boxes ("bbox" of COCO).</summary>
    Boxes,

    /// <summary>The masks ("segm" of COCO).</summary>
    Masks,
}
