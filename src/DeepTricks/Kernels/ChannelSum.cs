using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>The sum of a map's channels, each with a weight of its own: what class activation maps are made by.</summary>
internal static class ChannelSum
{
    /// <summary>A product of matrices: no copy of the activations is made, nor kept for the gradient.</summary>
    /// <param name="activations">[N, C, height, width].</param>
    /// <param name="weights">[N, C], of the same type.</param>
    /// <returns>[N, height, width], in the caller's dispose scope with what it is made of.</returns>
    internal static Tensor Of(Tensor activations, Tensor weights) =>
        weights.unsqueeze(1).bmm(activations.flatten(2)).view(activations.size(0), activations.size(2), activations.size(3));
}
