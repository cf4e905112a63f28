using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>How far the head is from the objects, by the anchors that are drawn for it.</summary>
internal sealed class RegionProposalLoss(RegionProposalOptions options)
{
    private const double Beta = 1.0 / 9;

    internal IReadOnlyList<LossTerm> Of(IReadOnlyList<AnchorScores> maps, IReadOnlyList<DetectionTarget> targets)
    {
        using var scope = NewDisposeScope();
        var anchors = cat([.. maps.Select(map => map.Anchors)]);
        var (positives, negatives, goals) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        for (var i = 0; i < targets.Count; i++)
        {
            var (positive, negative, goal) = Sample(anchors, targets[i].Boxes.to(anchors.dtype));
            positives.Add(positive + i * anchors.size(0));
            negatives.Add(negative + i * anchors.size(0));
            goals.Add(goal);
        }

        var objectness = cat([.. maps.Select(map => map.Objectness)], 1).view(-1);
        var moves = cat([.. maps.Select(map => map.Moves)], 1).view(-1, 4);
        var (of, outside) = (cat([.. positives]), cat([.. negatives]));
        // As sums, which are 0 and not NaN where nothing was drawn.
        var count = Math.Max(1, of.size(0) + outside.size(0));
        var box = nn.functional.smooth_l1_loss(moves.index_select(0, of), cat([.. goals]), nn.Reduction.Sum, Beta) / count;
        var logits = objectness.index_select(0, cat([of, outside]));
        var labels = cat([ones_like(of, objectness.dtype), zeros_like(outside, objectness.dtype)]);
        var sure = nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction: nn.Reduction.Sum) / count;
        return [new("loss_objectness", sure.MoveToOuterDisposeScope()), new("loss_rpn_box_reg", box.MoveToOuterDisposeScope())];
    }

    private (Tensor Positives, Tensor Negatives, Tensor Goals) Sample(Tensor anchors, Tensor objects)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (objects.size(0) == 0)
        {
            var (none, background) = options.Sampler.Sample(zeros(anchors.size(0), device: anchors.device));
            return (none.MoveToOuterDisposeScope(), background.MoveToOuterDisposeScope(), zeros(0, 4, dtype: anchors.dtype, device: anchors.device).MoveToOuterDisposeScope());
        }

        var matches = options.Matcher.Match(Boxes.Iou(objects, anchors));
        // Matched 1, background 0, between −1.
        var (positives, negatives) = options.Sampler.Sample(matches + 1 - matches.clamp_min(0));
        var goals = new BoxCoder().Encode(objects.index_select(0, matches.index_select(0, positives)), anchors.index_select(0, positives));
        return (positives.MoveToOuterDisposeScope(), negatives.MoveToOuterDisposeScope(), goals.MoveToOuterDisposeScope());
    }
}
