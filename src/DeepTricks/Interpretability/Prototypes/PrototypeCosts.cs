using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// What makes prototypes of a class lie near patches of its images and far from others (Chen et al. 2019). The least distance is taken over a mask; the
/// authors' code finds it by subtracting from the largest possible distance, which gives the same where features and prototypes are in [0, 1].
/// </summary>
/// <remarks>An image that a mean has no prototype for, which pruning can bring about, is left out of it; the mean over no image is 0.</remarks>
public static class PrototypeCosts
{
    /// <summary>The mean over the images of the distance of the nearest prototype of the image's own class.</summary>
    /// <param name="distances">The least distances, [N, P]; see <see cref="PrototypeDistance.Minimum"/>.</param>
    /// <param name="labels">The classes of the images, [N], int64.</param>
    /// <param name="prototypeClasses">The classes of the prototypes, [P], int64.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public static Tensor Cluster(Tensor distances, Tensor labels, Tensor prototypeClasses)
    {
        Check(distances, labels, prototypeClasses);
        using var scope = NewDisposeScope();
        return MeanOfLeast(distances, Own(labels, prototypeClasses)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over the images of the distance of the nearest prototype of any class: the cost where prototypes belong to no class.</summary>
    /// <param name="distances">The least distances, [N, P].</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">The shape or type is another.</exception>
    public static Tensor Cluster(Tensor distances)
    {
        Check(distances);
        using var scope = NewDisposeScope();
        return distances.min(1).values.mean().MoveToOuterDisposeScope();
    }

    /// <summary>The mean over the images of the distance of the nearest prototype of another class, which is to be large: its weight is negative.</summary>
    /// <inheritdoc cref="Cluster(Tensor, Tensor, Tensor)"/>
    public static Tensor Separation(Tensor distances, Tensor labels, Tensor prototypeClasses)
    {
        Check(distances, labels, prototypeClasses);
        using var scope = NewDisposeScope();
        return MeanOfLeast(distances, Own(labels, prototypeClasses).logical_not()).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over the images of the mean distance of the prototypes of other classes; a figure to watch, no part of the loss.</summary>
    /// <inheritdoc cref="Cluster(Tensor, Tensor, Tensor)"/>
    public static Tensor AverageSeparation(Tensor distances, Tensor labels, Tensor prototypeClasses)
    {
        Check(distances, labels, prototypeClasses);
        using var scope = NewDisposeScope();
        var other = Own(labels, prototypeClasses).logical_not().to(distances.dtype);
        var counts = other.sum([1]);
        var means = (distances * other).sum([1]) / counts.clamp_min(1);
        return (means.sum() / counts.gt(0).sum().clamp_min(1)).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of the magnitudes of a last layer's weights from prototypes to classes that are not theirs.</summary>
    /// <param name="weight">[K, P].</param>
    /// <param name="prototypeClasses">The classes of the prototypes, [P], int64; null for all weights, as where prototypes belong to no class.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public static Tensor Sparsity(Tensor weight, Tensor? prototypeClasses = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.dim() != 2 || !weight.is_floating_point())
            throw new ArgumentException($"Expected floating-point weights [K, P], and {weight.ShapeText()} of type {weight.dtype} came.", nameof(weight));
        if (prototypeClasses is not null) CheckClasses(prototypeClasses, weight.size(1), weight, nameof(prototypeClasses));
        using var scope = NewDisposeScope();
        var magnitudes = weight.abs();
        if (prototypeClasses is not null)
            magnitudes *= Own(arange(weight.size(0), ScalarType.Int64, weight.device), prototypeClasses).logical_not().to(weight.dtype);
        return magnitudes.sum().MoveToOuterDisposeScope();
    }

    private static Tensor Own(Tensor labels, Tensor prototypeClasses) => labels.unsqueeze(1) == prototypeClasses.unsqueeze(0);

    private static Tensor MeanOfLeast(Tensor distances, Tensor mask)
    {
        var least = distances.masked_fill(mask.logical_not(), double.PositiveInfinity).min(1).values;
        var some = mask.any(1);
        return least.masked_fill(some.logical_not(), 0).sum() / some.sum().clamp_min(1);
    }

    private static void Check(Tensor distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        if (distances.dim() != 2 || distances.numel() == 0 || !distances.is_floating_point())
            throw new ArgumentException($"Expected floating-point distances [N, P], and {distances.ShapeText()} of type {distances.dtype} came.", nameof(distances));
    }

    private static void Check(Tensor distances, Tensor labels, Tensor prototypeClasses)
    {
        Check(distances);
        CheckClasses(labels, distances.size(0), distances, nameof(labels));
        CheckClasses(prototypeClasses, distances.size(1), distances, nameof(prototypeClasses));
    }

    private static void CheckClasses(Tensor classes, long count, Tensor beside, string name)
    {
        ArgumentNullException.ThrowIfNull(classes, name);
        if (classes.dim() != 1 || classes.size(0) != count || classes.dtype != ScalarType.Int64 || !classes.SharesDeviceWith(beside))
            throw new ArgumentException(
                $"Expected {count} classes of type Int64 on {beside.device}, and {classes.ShapeText()} of type {classes.dtype} on {classes.device} came.", name);
    }
}
