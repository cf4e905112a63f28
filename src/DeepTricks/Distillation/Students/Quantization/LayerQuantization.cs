using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>What is stored of one quantised layer: a weight is integer · scale of its output channel, an activation (integer − zero point) · scale.</summary>
/// <param name="Layer">The name of the layer in <c>named_modules()</c>.</param>
/// <param name="Weight">The weights as integers, int8, in the layer's shape; the caller's.</param>
/// <param name="WeightScales">The scale of each output channel; their zero points are 0.</param>
/// <param name="InputScale">The scale of what the layer is given; NaN where activations are not quantised.</param>
/// <param name="InputZeroPoint">The integer that stands for 0 in what the layer is given.</param>
public sealed record LayerQuantization(string Layer, Tensor Weight, IReadOnlyList<float> WeightScales, float InputScale, int InputZeroPoint) : IDisposable
{
    /// <summary>Disposes of the integers.</summary>
    public void Dispose() => Weight.Dispose();
}
