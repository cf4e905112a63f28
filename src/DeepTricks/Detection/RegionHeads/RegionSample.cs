using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>The regions of one image that the heads learn from.</summary>
/// <param name="Boxes">[K, 4].</param>
/// <param name="Labels">[K], int64: the classes, 0 for the background.</param>
/// <param name="Objects">[K], int64: which object each region stands for; 0 for the background.</param>
/// <param name="Positives">The indices of those that stand for objects, int64.</param>
/// <param name="Goals">[positives, 4]: how they move onto their objects.</param>
internal sealed record RegionSample(Tensor Boxes, Tensor Labels, Tensor Objects, Tensor Positives, Tensor Goals)
{
    /// <summary>Draws regions, the objects themselves among them.</summary>
    internal static RegionSample Draw(Tensor proposals, DetectionTarget target, RegionHeadOptions options)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var objects = target.Boxes.to(proposals.dtype);
        var all = cat([proposals, objects]);
        var (matches, labels) = Match(all, objects, target.Labels, options);
        var (positives, negatives) = options.Sampler.Sample(labels);
        var (drawn, _) = cat([positives, negatives]).sort();
        var boxes = all.index_select(0, drawn);
        (matches, labels) = (matches.index_select(0, drawn), labels.index_select(0, drawn));
        var learned = labels.gt(0).nonzero().view(-1);
        var goals = learned.size(0) == 0
            ? zeros(0, 4, dtype: boxes.dtype, device: boxes.device)
            : options.Coder.Encode(objects.index_select(0, matches.index_select(0, learned)), boxes.index_select(0, learned));
        return new(
            boxes.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope(), matches.MoveToOuterDisposeScope(), learned.MoveToOuterDisposeScope(), goals.MoveToOuterDisposeScope());
    }

    private static (Tensor Objects, Tensor Labels) Match(Tensor boxes, Tensor objects, Tensor classes, RegionHeadOptions options)
    {
        if (objects.size(0) == 0) return (zeros([boxes.size(0)], ScalarType.Int64, boxes.device), zeros([boxes.size(0)], ScalarType.Int64, boxes.device));
        var overlaps = Detection.Boxes.Iou(objects, boxes);
        var matches = options.Matcher.Match(overlaps);
        var of = matches.clamp_min(0);
        var labels = classes.index_select(0, of);
        labels.masked_fill_(matches.eq(BoxMatcher.Background), 0);
        labels.masked_fill_(matches.eq(BoxMatcher.Between), -1);
        if (options.BackgroundFloor > 0) labels.masked_fill_(labels.eq(0).logical_and(overlaps.amax([0]).lt(options.BackgroundFloor)), -1);
        return (of, labels);
    }
}
