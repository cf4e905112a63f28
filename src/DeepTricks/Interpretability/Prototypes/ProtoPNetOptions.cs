using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The parts of a <see cref="ProtoPNet"/>. The defaults are the authors' settings for their 200 birds.</summary>
public sealed record ProtoPNetOptions
{
    /// <summary>The classes, at least 1; 200 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int NumClasses { get; init => field = Positive(value, nameof(NumClasses)); } = 200;

    /// <summary>The prototypes of each class, at least 1; 10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int PrototypesPerClass { get; init => field = Positive(value, nameof(PrototypesPerClass)); } = 10;

    /// <summary>
    /// The class of each prototype, where classes have unequally many, as after pruning; null, the default, for <see cref="PrototypesPerClass"/> of each
    /// class in turn.
    /// </summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public IReadOnlyList<int>? PrototypeClasses
    {
        get;
        init => field = value is null or { Count: > 0 } ? value : throw new ArgumentException("Expected the class of at least one prototype.", nameof(PrototypeClasses));
    }

    /// <summary>The channels of a prototype; 128 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int PrototypeChannels { get; init => field = Positive(value, nameof(PrototypeChannels)); } = 128;

    /// <summary>The rows of the feature maps that a prototype covers; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int PrototypeHeight { get; init => field = Positive(value, nameof(PrototypeHeight)); } = 1;

    /// <summary>The columns of the feature maps that a prototype covers; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int PrototypeWidth { get; init => field = Positive(value, nameof(PrototypeWidth)); } = 1;

    /// <summary>How distances become scores; <see cref="PrototypeSimilarity.Log"/> by default.</summary>
    public PrototypeSimilarity Similarity { get; init; } = PrototypeSimilarity.Log;

    /// <summary>The layers between backbone and prototypes; <see cref="AddOnLayers.Regular"/> by default.</summary>
    public AddOnLayers AddOnLayers { get; init; } = AddOnLayers.Regular;

    /// <summary>The first weight from a prototype to a class that is not its own, whose own is 1; −0.5 by default.</summary>
    public double IncorrectStrength { get; init; } = -0.5;

    /// <summary>Draws the first weights, a generator of the CPU; null, the default, for libtorch's own.</summary>
    public Generator? Generator { get; init; }

    /// <summary>The prototypes' shape.</summary>
    internal PrototypeShape Shape => new(Classes().Count, PrototypeChannels, PrototypeHeight, PrototypeWidth);

    /// <summary>
    /// The options of the network that a state dict belongs to, pruned or not: sizes from the shapes, and the class of each prototype from the
    /// last layer, for the authors' files do not say it. Add-on layers and similarity stand in no state dict; they are the defaults.
    /// </summary>
    /// <param name="prototypes">Its <c>prototype_vectors</c>, [P, C, h, w].</param>
    /// <param name="lastLayer">Its <c>last_layer.weight</c>, [K, P]. A prototype belongs to the class that it speaks most for.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static ProtoPNetOptions Of(Tensor prototypes, Tensor lastLayer)
    {
        ArgumentNullException.ThrowIfNull(prototypes);
        ArgumentNullException.ThrowIfNull(lastLayer);
        if (prototypes.dim() != 4) throw new ArgumentException($"Expected prototypes [P, C, h, w], and {prototypes.ShapeText()} came.", nameof(prototypes));
        if (lastLayer.dim() != 2 || lastLayer.size(1) != prototypes.size(0))
            throw new ArgumentException($"Expected weights [K, {prototypes.size(0)}], and {lastLayer.ShapeText()} came.", nameof(lastLayer));
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        return new()
        {
            NumClasses = (int)lastLayer.size(0),
            PrototypeClasses = [.. lastLayer.argmax(0).cpu().Values<long>().Select(index => (int)index)],
            PrototypeChannels = (int)prototypes.size(1),
            PrototypeHeight = (int)prototypes.size(2),
            PrototypeWidth = (int)prototypes.size(3),
        };
    }

    /// <summary>The class of each prototype.</summary>
    internal IReadOnlyList<int> Classes()
    {
        var classes = PrototypeClasses ?? [.. Enumerable.Range(0, NumClasses * PrototypesPerClass).Select(prototype => prototype / PrototypesPerClass)];
        if (classes.FirstOrDefault(index => index < 0 || index >= NumClasses, -1) is var wrong && classes.Any(index => index < 0 || index >= NumClasses))
            throw new ArgumentException($"A prototype has the class {wrong}; expected 0 to {NumClasses - 1}.", nameof(PrototypeClasses));
        return classes;
    }

    private static int Positive(int value, string name) => value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least 1.");
}
