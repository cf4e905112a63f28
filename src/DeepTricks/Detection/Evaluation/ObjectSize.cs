namespace DeepTricks.Detection;

/// <summary>Sizes of objects in COCO's evaluation, by <see cref="Data.ObjectAnnotation.Area"/>; both ends belong to a size.</summary>
public enum ObjectSize
{
    /// <summary>Up to 10¹⁰ square pixels.</summary>
    All,

    /// <summary>Up to 32² square pixels.</summary>
    Small,

    /// <summary>32² to 96² square pixels.</summary>
    Medium,

    /// <summary>96² square pixels and more.</summary>
    Large,
}
