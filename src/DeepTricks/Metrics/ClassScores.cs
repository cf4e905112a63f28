using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>The check that the metrics of classification share.</summary>
internal static class ClassScores
{
    /// <summary>Throws unless these are scores [N, C] and classes [N].</summary>
    /// <returns>N.</returns>
    internal static long Check(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (output.dim() != 2)
            throw new ArgumentException($"Expected scores [N, C]; the shape is {output.ShapeText()}.", nameof(output));
        if (target.dim() != 1 || target.shape[0] != output.shape[0])
            throw new ArgumentException(
                $"Expected {output.shape[0]} classes [N]; the shape is {target.ShapeText()}.", nameof(target));
        if (target.dtype != ScalarType.Int64)
            throw new ArgumentException($"Expected classes of dtype Int64; the dtype is {target.dtype}.", nameof(target));
        return output.shape[0];
    }
}
