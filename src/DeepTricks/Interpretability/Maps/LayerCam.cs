using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>Layer-CAM: each place weighs as its own positive gradient, for early layers as for late ones; see <see cref="ActivationMaps.LayerCam"/>.</summary>
/// <param name="model">From images to logits [N, K]. It may be frozen: gradients are taken with respect to activations alone.</param>
/// <param name="layers">The layers' names; each returns [N, channels, height, width].</param>
/// <exception cref="ArgumentException">There are none, a name is no layer's or comes twice, or the layer does not take and return one tensor.</exception>
public sealed class LayerCam(nn.Module<Tensor, Tensor> model, params IEnumerable<string> layers) : EvidenceMapper(model, layers, needsGradients: true)
{
    private protected override IReadOnlyList<Tensor> Maps(EvidencePass pass) => pass.FromGradients(ActivationMaps.LayerCam);
}
