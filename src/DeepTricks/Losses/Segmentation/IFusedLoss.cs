using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>A loss of scores [N, C, P] that has a kernel for single precision on the CPU, and its twin. One object serves one call.</summary>
internal interface IFusedLoss
{
    /// <summary>
    /// Whether <see cref="Forward"/> writes the gradient of its value, which <see cref="Backward"/> is then not asked for. The value is a scalar, or [N] of
    /// the samples.
    /// </summary>
    bool GivesGradient { get; }

    /// <summary>The value; contiguous tensors, no history.</summary>
    /// <param name="scores">[N, C, P].</param>
    /// <param name="masks">[N, C, P], or null where there are labels.</param>
    /// <param name="gradient">[N, C, P], to be filled with the gradient of the value; null where none is wanted or given.</param>
    Tensor Forward(Tensor scores, Tensor? masks, Tensor? gradient);

    /// <summary>The gradient of the scores. May be called more than once.</summary>
    Tensor Backward(Tensor scores, Tensor? masks, Tensor upstream);

    /// <summary>The value in tensor operations, differentiable as often as wanted.</summary>
    Tensor InTensors(Tensor scores, Tensor? masks);
}
