using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The leading right singular vectors of feature maps, with a gradient that is finite wherever singular values coincide or vanish, as they do behind dead
/// channels: what such vectors turn into within their common space has no gradient.
/// </summary>
internal static class SingularVectors
{
    /// <summary>The vectors of maps as matrices of positions × channels.</summary>
    /// <param name="map">[B, C, d1, ...].</param>
    /// <param name="count">How many; fewer come where the matrix has fewer.</param>
    /// <returns>
    /// Values [B, count] over their length, constants; vectors [B, C, count], each with its largest component positive, differentiable once.
    /// </returns>
    public static (Tensor Values, Tensor Vectors) Leading(Tensor map, long count)
    {
        var matrix = map.flatten(2).transpose(1, 2);
        var (values, vectors) = Decompose(matrix.detach());
        count = Math.Min(count, values.shape[1]);
        var leading = vectors.narrow(2, 0, count);
        var scaled = nn.functional.normalize(values.narrow(1, 0, count), dim: 1);
        return (scaled, is_grad_enabled() && map.requires_grad ? WithGradient(matrix, values.square(), vectors, leading) : leading);
    }

    /// <summary>Singular values in descending order and right vectors [B, C, r]; LAPACK leaves their signs open.</summary>
    private static (Tensor Values, Tensor Vectors) Decompose(Tensor matrix)
    {
        using var ungraded = no_grad();
        var (_, values, transposed) = linalg.svd(matrix, fullMatrices: false);
        var vectors = transposed.transpose(1, 2);
        var largest = vectors.gather(1, vectors.abs().argmax(1, keepdim: true));
        return (values, vectors * where(largest.lt(0), -torch.ones_like(largest), torch.ones_like(largest)));
    }

    /// <summary>The vectors plus what they change by to first order, which is 0 and has their gradient.</summary>
    private static Tensor WithGradient(Tensor matrix, Tensor squares, Tensor vectors, Tensor leading)
    {
        var product = matrix.transpose(1, 2).bmm(matrix.bmm(leading));
        var change = product - product.detach();
        var own = squares.narrow(1, 0, leading.shape[2]).unsqueeze(1);
        var rounding = squares.narrow(1, 0, 1).unsqueeze(1) * (finfo(matrix.dtype).eps * Math.Max(matrix.shape[1], matrix.shape[2]));

        // Turns towards the other vectors, and towards what none of them spans.
        var parts = vectors.transpose(1, 2).bmm(change);
        var within = vectors.bmm(parts * Inverse(own - squares.unsqueeze(2), rounding));
        var beyond = (change - vectors.bmm(parts)) * Inverse(own, rounding);
        return leading + within + beyond;
    }

    private static Tensor Inverse(Tensor gap, Tensor rounding)
    {
        var apart = gap.abs().gt(rounding);
        return gap.where(apart, torch.ones_like(gap)).reciprocal() * apart;
    }
}
