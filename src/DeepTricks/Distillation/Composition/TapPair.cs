using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>A place of the student and one of the teacher that are compared.</summary>
/// <param name="Student">The place of the student.</param>
/// <param name="Teacher">The place of the teacher.</param>
public sealed record TapPair(Tap Student, Tap Teacher)
{
    /// <summary>Brings what the student has to what the teacher has, and learns with the student; nothing where null.</summary>
    public nn.Module<Tensor, Tensor>? Connector { get; init; }

    /// <summary>
    /// Brings what the teacher has to another shape: a fixed map, which runs in evaluation mode and without gradients, as factor transfer's
    /// paraphraser does once it is trained; nothing where null.
    /// </summary>
    public nn.Module<Tensor, Tensor>? TeacherConnector { get; init; }

    /// <summary>The weight of the pair within the term; 1 by default.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The same name in both networks.</summary>
    /// <param name="layer">The layer's name.</param>
    public static implicit operator TapPair(string layer) => new(layer, layer);
}
