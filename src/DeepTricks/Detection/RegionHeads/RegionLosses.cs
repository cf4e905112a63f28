using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>How far the heads are from what they are to find.</summary>
internal static class RegionLosses
{
    private const double Beta = 1.0 / 9;

    /// <summary>The mean cross entropy of the classes, and the smooth L1 distance of the moves, summed and divided by the number of all regions.</summary>
    internal static List<LossTerm> OfBoxes(Tensor logits, Tensor moves, IReadOnlyList<RegionSample> samples)
    {
        using var scope = NewDisposeScope();
        var labels = cat([.. samples.Select(sample => sample.Labels)]);
        // As sums, which are 0 and not NaN where there is no region.
        var count = Math.Max(1, labels.size(0));
        var classes = nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum) / count;
        var positives = labels.gt(0).nonzero().view(-1);
        var ofClass = moves.view(-1, 4).index_select(0, positives * logits.size(1) + labels.index_select(0, positives));
        var boxes = nn.functional.smooth_l1_loss(ofClass, cat([.. samples.Select(sample => sample.Goals)]), nn.Reduction.Sum, Beta) / count;
        return [new("loss_classifier", classes.MoveToOuterDisposeScope()), new("loss_box_reg", boxes.MoveToOuterDisposeScope())];
    }

    /// <summary>The mean binary cross entropy of the masks with the objects', each read where its region lies.</summary>
    internal static Tensor OfMasks(Tensor logits, IReadOnlyList<Tensor> boxes, IReadOnlyList<RegionSample> samples, IReadOnlyList<DetectionTarget> targets)
    {
        using var scope = NewDisposeScope();
        var size = (int)logits.size(-1);
        var goals = new List<Tensor>();
        for (var i = 0; i < boxes.Count; i++)
        {
            if (boxes[i].size(0) == 0) continue;
            using var inner = NewDisposeScope();
            var objects = samples[i].Objects.index_select(0, samples[i].Positives).to(boxes[i].dtype).unsqueeze(1);
            var masks = targets[i].Masks!.unsqueeze(1).to(boxes[i].dtype);
            goals.Add(RoiAlign.Compute(masks, cat([objects, boxes[i]], 1), new(size)).squeeze(1).MoveToOuterDisposeScope());
        }

        return nn.functional.binary_cross_entropy_with_logits(logits, cat([.. goals])).MoveToOuterDisposeScope();
    }
}
