using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// What every ratio of overlap is made of: for each sample and class the soft intersection I = Σ p t, the prediction P = Σ p (or Σ p²) and the
/// target T = Σ t (or Σ t²), over the pixels that are not ignored.
/// </summary>
internal readonly record struct OverlapCounts(Tensor Intersection, Tensor Predicted, Tensor Target)
{
    /// <summary>Counts; the results [N, C] belong to the scope of the caller.</summary>
    public static OverlapCounts Of(SegmentationInput input, bool squared = false)
    {
        var counts = input.ForKernel && !input.HasFewPixels ? input.Fused(pixels => new OverlapSums(pixels, squared)) : InTensors(input, input.Scores, squared);
        return new(counts[0], counts[1], counts[2]);
    }

    /// <summary>Leaves out class 0 where there are others.</summary>
    public OverlapCounts Foreground() => Intersection.shape[1] == 1 ? this : Each(counts => counts.narrow(1, 1, counts.shape[1] - 1));

    /// <summary>Sums over samples or classes.</summary>
    public OverlapCounts Pooled(OverlapPooling pooling) => pooling switch
    {
        OverlapPooling.Class => Each(counts => counts.sum([0])),
        OverlapPooling.Sample => Each(counts => counts.sum([1])),
        _ => this,
    };

    /// <summary>[3, N, C] in tensor operations, differentiable as often as wanted.</summary>
    public static Tensor InTensors(SegmentationInput input, Tensor scores, bool squared)
    {
        var (targets, valid) = input.Dense();
        var probabilities = input.Probabilities(scores);
        probabilities = probabilities.where(valid, zeros_like(probabilities));
        var intersection = (probabilities * targets).sum(2);
        return squared
            ? stack([intersection, probabilities.square().sum(2), targets.square().sum(2)])
            : stack([intersection, probabilities.sum(2), targets.sum(2)]);
    }

    public OverlapCounts Each(Func<Tensor, Tensor> change) => new(change(Intersection), change(Predicted), change(Target));
}
