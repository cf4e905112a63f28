using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>What a forward pass left for a method to make maps of.</summary>
/// <param name="Images">What went in.</param>
/// <param name="Classes">The class of each sample, [N].</param>
/// <param name="Scores">Its score, [N].</param>
/// <param name="Layers">The layers' names.</param>
/// <param name="Activations">What each layer returned.</param>
/// <param name="Differentiable">Whether the maps are to be differentiated in their turn.</param>
internal sealed record EvidencePass(
    Tensor Images, Tensor Classes, Tensor Scores, IReadOnlyList<string> Layers, IReadOnlyList<Tensor> Activations, bool Differentiable)
{
    /// <summary>A map of each layer from its activations and the gradients of the scores with respect to them.</summary>
    internal IReadOnlyList<Tensor> FromGradients(Func<Tensor, Tensor, Tensor> map)
    {
        // The scores of a batch in evaluation do not know of each other, so that the gradient of their sum is that of each.
        var gradients = autograd.grad([Scores.sum()], [.. Activations], retain_graph: Differentiable, create_graph: Differentiable, allow_unused: true);
        return [.. Activations.Select((activations, i) => gradients[i].IsInvalid
            ? throw new InvalidOperationException($"The scores do not depend on the layer '{Layers[i]}'.")
            : map(activations, gradients[i]))];
    }
}
