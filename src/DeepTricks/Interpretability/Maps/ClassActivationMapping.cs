using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// CAM, for networks that end in a mean over places and one linear layer: the layer's weights turn each place's features into evidence; see
/// <see cref="ActivationMaps.Cam"/>. It takes no gradients, which makes it the map to train on.
/// </summary>
public sealed class ClassActivationMapping : EvidenceMapper
{
    private readonly Func<Tensor> _weight;

    /// <summary>Puts a hook on the layer.</summary>
    /// <param name="model">From images to logits [N, K].</param>
    /// <param name="layer">The layer whose output is pooled and given to the head, such as <c>layer4</c>.</param>
    /// <param name="head">The linear layer, or the 1 x 1 convolution, such as <c>fc</c>.</param>
    /// <exception cref="ArgumentException">A name is no layer's, or the head has no weight [K, channels].</exception>
    public ClassActivationMapping(nn.Module<Tensor, Tensor> model, string layer, string head)
        : base(model, [layer], needsGradients: false)
    {
        ArgumentNullException.ThrowIfNull(head);
        var module = model.named_modules().FirstOrDefault(named => named.name == head).module;
        if (module?.get_parameter("weight") is not { } weight || !(weight.dim() is 2 or 4 && weight.shape[2..].All(size => size == 1)))
        {
            Dispose();
            throw new ArgumentException(
                module is null ? $"No layer is named '{head}'." : $"The layer '{head}' ({module.GetName()}) has no weight of the shape [classes, channels].", nameof(head));
        }

        // Asked for each time: loading a checkpoint or moving to a device may set another tensor in its place.
        _weight = () => module.get_parameter("weight")!;
    }

    private protected override IReadOnlyList<Tensor> Maps(EvidencePass pass) =>
        [ActivationMaps.Cam(pass.Activations[0], _weight(), pass.Classes)];
}
