using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>A loss of scores [N, C, P] that has a kernel for single precision on the CPU, and its twin. One object serves one call.</summary>
internal interface IFusedLoss
{
    /// <summary>The value; contiguous tensors, no history.</summary>
    /// <param name="scores">[N, C, P].</param>
    /// <param name="masks">[N, C, P], or null where there are labels.</param>
    /// <param name="gradients">Whether <see cref="Backward"/> may be called afterwards.</param>
    Tensor Forward(Tensor scores, Tensor? masks, bool gradients);

    /// <summary>The gradient of the scores. May be called more than once.</summary>
    Tensor Backward(Tensor scores, Tensor? masks, Tensor upstream);

    /// <summary>The value in tensor operations, differentiable as often as wanted.</summary>
    Tensor InTensors(Tensor scores, Tensor? masks);
}
