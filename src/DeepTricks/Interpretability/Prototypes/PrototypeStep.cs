namespace DeepTricks.Interpretability;

/// <summary>A part of the training of a <see cref="ProtoPNet"/>; see <see cref="PrototypeSchedule.Steps"/>.</summary>
/// <param name="Phase">What learns; null for a projection of the prototypes.</param>
/// <param name="Epochs">For how many epochs; 0 for a projection.</param>
/// <param name="Epoch">The epoch of warm and joint training, from 0, in which it begins or after which it comes.</param>
public readonly record struct PrototypeStep(PrototypePhase? Phase, int Epochs, int Epoch)
{
    /// <summary>Whether it projects the prototypes.</summary>
    public bool IsProjection => Phase is null;
}
