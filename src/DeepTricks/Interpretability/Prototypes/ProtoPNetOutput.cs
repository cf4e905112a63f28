using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>What a <see cref="ProtoPNet"/> gives for images.</summary>
/// <param name="Logits">[N, K].</param>
/// <param name="Distances">The distance of each prototype to the patch nearest to it, [N, P].</param>
public readonly record struct ProtoPNetOutput(Tensor Logits, Tensor Distances);
