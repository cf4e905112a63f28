using DeepTricks.Kernels;

namespace DeepTricks.Distillation;

/// <summary>
/// Where in a network a tensor is taken: what the network returns, or what one of its layers returns or is given. Layers have the names of
/// <c>named_modules()</c>; a text stands for the output of the layer that it names. The network is not changed.
/// </summary>
/// <remarks>
/// What is tapped is a copy, so that an activation that works in place does not overwrite it; an input is copied before its layer runs.
/// Layers are heard through <c>call</c>. Where a layer runs several times in a pass, the last one counts.
/// </remarks>
public sealed record Tap
{
    private Tap(string layer, bool isInput, int item) => (Layer, IsInput, Item) = (layer, isInput, item);

    /// <summary>What the network returns.</summary>
    public static Tap Output { get; } = Of(string.Empty);

    /// <summary>What the network is given.</summary>
    public static Tap Input { get; } = InputOf(string.Empty);

    /// <summary>The layer's name; empty for the network itself.</summary>
    public string Layer { get; }

    /// <summary>Whether the tensor is what the layer is given, rather than what it returns.</summary>
    public bool IsInput { get; }

    /// <summary>Which of the layer's tensors, from 0, where it takes or returns several.</summary>
    public int Item { get; }

    internal LayerPort Port => new(Layer, IsInput, Item);

    /// <summary>What a layer returns.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="item">Which one, from 0, of a tuple, a list or a dictionary of tensors.</param>
    public static Tap Of(string layer, int item = 0) => Make(layer, false, item);

    /// <summary>What a layer is given, before it runs: the input of an activation is the pre-activation, also where it works in place.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="item">Which of its arguments, from 0.</param>
    public static Tap InputOf(string layer, int item = 0) => Make(layer, true, item);

    /// <summary>The same place in a member of a <see cref="TeacherGroup"/>.</summary>
    /// <param name="member">The member's name.</param>
    public Tap In(string member) => new($"{member}/{Layer}", IsInput, Item);

    /// <summary>What a layer returns.</summary>
    /// <param name="layer">The layer's name.</param>
    public static implicit operator Tap(string layer) => Of(layer);

    /// <summary>The place in words.</summary>
    public override string ToString() => $"{(IsInput ? "input" : "output")}{(Item == 0 ? "" : $" {Item}")} of {(Layer.Length == 0 ? "the network" : $"'{Layer}'")}";

    /// <summary>Takes a place of a group apart: the member, and the place in it; null where the name has no member.</summary>
    internal (string Member, Tap Tap)? Split() => Layer.IndexOf('/') is >= 0 and var slash
        ? (Layer[..slash], new(Layer[(slash + 1)..], IsInput, Item))
        : null;

    private static Tap Make(string layer, bool isInput, int item)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentOutOfRangeException.ThrowIfNegative(item);
        return new(layer, isInput, item);
    }
}
