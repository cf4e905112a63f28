using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Squared L2 distances of prototypes to the patches of feature maps, ‖x‖² − 2 x·p + ‖p‖², not below 0 (Chen et al., "This Looks Like That", 2019): one convolution with
/// the prototypes, and the norm of each patch once for all of them.
/// </summary>
/// <remarks>
/// Near 0 the three terms cancel: distances below about 1e-6 of ‖x‖² in single precision are noise, and those that come out as 0 have no gradient, as in the
/// authors' code (cfchen-duke/ProtoPNet).
/// </remarks>
public static class PrototypeDistance
{
    /// <summary>The distance of each prototype to each patch.</summary>
    /// <param name="features">[N, C, H, W], floating point.</param>
    /// <param name="prototypes">[P, C, h, w] of the same type and on the same device, no larger than the maps.</param>
    /// <returns>[N, P, H − h + 1, W − w + 1], at least 0.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public static Tensor Maps(Tensor features, Tensor prototypes)
    {
        Check(features, prototypes);
        using var scope = NewDisposeScope();
        return MapsInTensors(features, prototypes).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The distance of each prototype to the patch nearest to it in each image, which alone gets a gradient (the first of equally near ones). In single
    /// precision on the CPU the maps are never there as a whole, which saves most of the time and the memory.
    /// </summary>
    /// <param name="features">[N, C, H, W], floating point.</param>
    /// <param name="prototypes">[P, C, h, w] of the same type and on the same device, no larger than the maps.</param>
    /// <returns>[N, P], at least 0.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public static Tensor Minimum(Tensor features, Tensor prototypes)
    {
        Check(features, prototypes);
        using var scope = NewDisposeScope();
        var minimum = !Suits(features, prototypes) ? MinimumInTensors(features, prototypes)
            : is_grad_enabled() && (features.requires_grad || prototypes.requires_grad) ? NearestPatchFunction.apply(features, prototypes)
            : NearestPatchFunction.Values(features, prototypes).Distances;
        return minimum.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The nearest patches with their places, without gradients. On the CPU in single precision an image's numbers do not depend on the images beside it.
    /// </summary>
    /// <param name="features">[N, C, H, W], floating point.</param>
    /// <param name="prototypes">[P, C, h, w] of the same type and on the same device, no larger than the maps.</param>
    /// <returns>Distances [N, P], and int32 places [N, P]: row × (W − w + 1) + column of the patch's corner.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public static (Tensor Distances, Tensor Places) Nearest(Tensor features, Tensor prototypes)
    {
        Check(features, prototypes);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        if (Suits(features, prototypes))
        {
            var (distances, places) = NearestPatchFunction.Values(features, prototypes, imagesPerTile: 1);
            return (distances.MoveToOuterDisposeScope(), places.MoveToOuterDisposeScope());
        }

        var (least, where) = MapsInTensors(features, prototypes).flatten(2).min(2);
        return (least.MoveToOuterDisposeScope(), where.to(ScalarType.Int32).MoveToOuterDisposeScope());
    }

    /// <summary>The twin of the kernel.</summary>
    internal static Tensor MinimumInTensors(Tensor features, Tensor prototypes)
    {
        var maps = MapsInTensors(features, prototypes);
        // Pooling gives the gradient to the first of equally near patches; a minimum would split it.
        return -nn.functional.max_pool2d(-maps, [maps.size(2), maps.size(3)]).flatten(1);
    }

    internal static void Check(Tensor features, Tensor prototypes)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(prototypes);
        if (features.dim() != 4 || !features.is_floating_point())
            throw new ArgumentException($"Expected floating-point features [N, C, H, W], and {features.ShapeText()} of type {features.dtype} came.", nameof(features));
        var (maps, patches) = (features.shape, prototypes.shape);
        if (patches.Length != 4 || patches[1] != maps[1] || patches.Any(size => size < 1) || patches[2] > maps[2] || patches[3] > maps[3])
            throw new ArgumentException($"Expected prototypes [P, {maps[1]}, h, w] of at most {maps[2]} × {maps[3]}, and {patches.ShapeText()} came.", nameof(prototypes));
        if (prototypes.dtype != features.dtype || !prototypes.SharesDeviceWith(features))
            throw new ArgumentException($"Expected prototypes of type {features.dtype} on {features.device}, and {prototypes.dtype} on {prototypes.device} came.", nameof(prototypes));
    }

    private static Tensor MapsInTensors(Tensor features, Tensor prototypes)
    {
        var norms = features.square().sum([1], keepdim: true);
        if (prototypes.size(2) > 1 || prototypes.size(3) > 1)
            norms = nn.functional.conv2d(norms, ones([1, 1, prototypes.size(2), prototypes.size(3)], dtype: norms.dtype, device: norms.device));
        var products = nn.functional.conv2d(features, prototypes);
        return nn.functional.relu(norms + (prototypes.square().sum([1, 2, 3]).view(-1, 1, 1) - 2 * products));
    }

    private static bool Suits(Tensor features, Tensor prototypes) =>
        features.dtype == ScalarType.Float32 && features.FitsSpan() && prototypes.FitsSpan() && features.size(0) * prototypes.size(0) < int.MaxValue / sizeof(float);
}
