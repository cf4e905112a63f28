using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>What slimmable layers check.</summary>
internal static class SlimmableWidth
{
    internal static void Check(Tensor input, int dimension, WidthChoice choice)
    {
        ArgumentNullException.ThrowIfNull(input);
        var at = dimension < 0 ? input.dim() + dimension : dimension;
        if (at < 0 || at >= input.dim() || input.shape[at] != choice.Channels)
        {
            throw new ArgumentException(
                $"Expected {choice.Channels} channels in dimension {at}, as \"{choice.Name}\" says at the moment; the shape is {input.ShapeText()}.", nameof(input));
        }
    }
}
