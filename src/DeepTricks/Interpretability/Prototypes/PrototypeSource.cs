namespace DeepTricks.Interpretability;

/// <summary>What a prototype is since its projection: the patch of an image. Everything is plain numbers, so that it can be kept as JSON beside the weights.</summary>
public sealed record PrototypeSource
{
    /// <summary>The number of the prototype.</summary>
    public required int Prototype { get; init; }

    /// <summary>Its class.</summary>
    public required int Class { get; init; }

    /// <summary>The image, by its index in the dataset.</summary>
    public required long Image { get; init; }

    /// <summary>The class of the image; that of the prototype, where prototypes belong to classes.</summary>
    public required long ImageClass { get; init; }

    /// <summary>The row of the patch's corner in the feature maps.</summary>
    public required int Row { get; init; }

    /// <summary>The column of the patch's corner in the feature maps.</summary>
    public required int Column { get; init; }

    /// <summary>The squared distance by which the prototype was moved.</summary>
    public required double Distance { get; init; }

    /// <summary>The part of the image where the prototype, before it was moved, was most active; see <see cref="PrototypeActivation.Box"/>.</summary>
    public required PatchBox Box { get; init; }

    /// <summary>The part of the image that the patch can have seen.</summary>
    public required PatchBox ReceptiveField { get; init; }

    /// <summary>The scores of the prototype, before it was moved, over the image.</summary>
    public required PrototypeActivation Activation { get; init; }
}
