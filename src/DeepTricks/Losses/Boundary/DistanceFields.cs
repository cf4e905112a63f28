using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>Distances of each pixel of masks [N, C, d1, ...] to the boundary. A mask without one, empty or full, has 0 everywhere.</summary>
internal static class DistanceFields
{
    /// <summary>To the nearest pixel on the other side.</summary>
    public static Tensor Unsigned(Tensor inside, ScalarType dtype, ReadOnlySpan<double> spacing)
    {
        var (within, without) = Both(inside, dtype, spacing);
        return WhereBounded(inside, within + without);
    }

    /// <summary>Outside the distance to the mask, inside 1 less the distance to what is outside, as Kervadec et al. have it.</summary>
    public static Tensor Signed(Tensor inside, ScalarType dtype, ReadOnlySpan<double> spacing)
    {
        var (within, without) = Both(inside, dtype, spacing);
        return WhereBounded(inside, without.where(inside.logical_not(), 1 - within));
    }

    private static (Tensor Within, Tensor Without) Both(Tensor inside, ScalarType dtype, ReadOnlySpan<double> spacing)
    {
        var sides = (int)inside.dim() - 2;
        return (DistanceTransform.Distances(inside, sides, spacing, dtype), DistanceTransform.Distances(inside.logical_not(), sides, spacing, dtype));
    }

    private static Tensor WhereBounded(Tensor inside, Tensor field)
    {
        var flat = inside.flatten(2);
        var bounded = flat.any(2) & flat.all(2).logical_not();
        long[] shape = [inside.shape[0], inside.shape[1], .. Enumerable.Repeat(1L, (int)inside.dim() - 2)];
        return field.where(bounded.reshape(shape), zeros_like(field));
    }
}
