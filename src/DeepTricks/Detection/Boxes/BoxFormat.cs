namespace DeepTricks.Detection;

/// <summary>What the four numbers of a box are.</summary>
public enum BoxFormat
{
    /// <summary>Left, top, right, bottom (torchvision's <c>xyxy</c>); what everything else here takes.</summary>
    Corners,

    /// <summary>Left, top, width, height (<c>xywh</c>), as in COCO's annotations.</summary>
    CornerAndSize,

    /// <summary>Centre x, centre y, width, height (<c>cxcywh</c>).</summary>
    CentreAndSize,
}
