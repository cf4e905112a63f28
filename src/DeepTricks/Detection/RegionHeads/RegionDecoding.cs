using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Makes detections of what the predictor says.</summary>
internal sealed class RegionDecoding(RegionHeadOptions options)
{
    /// <summary>Boxes, labels and scores for each image, without masks.</summary>
    internal List<Detections> Detections(Tensor logits, Tensor moves, IReadOnlyList<Tensor> proposals, IReadOnlyList<ImageSize> sizes)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var scores = logits.softmax(-1);
        var found = new List<Detections>();
        var first = 0L;
        for (var i = 0; i < proposals.Count; i++)
        {
            var count = proposals[i].size(0);
            found.Add(OfImage(scores.narrow(0, first, count), moves.narrow(0, first, count), proposals[i], sizes[i]));
            first += count;
        }

        foreach (var one in found) one.MoveToOuterDisposeScope();
        return found;
    }

    private Detections OfImage(Tensor scores, Tensor moves, Tensor proposals, ImageSize size)
    {
        using var scope = NewDisposeScope();
        // Only what is probable enough is decoded, a few of many.
        var probable = scores.narrow(1, 1, scores.size(1) - 1).gt(options.ScoreThreshold).nonzero();
        var (rows, labels) = (probable.select(1, 0), probable.select(1, 1) + 1);
        var places = rows * scores.size(1) + labels;
        var decoded = options.Coder.Decode(moves.reshape(-1, 4).index_select(0, places), proposals.index_select(0, rows)).squeeze(1);
        var boxes = Boxes.Clip(decoded, size.Height, size.Width);
        var large = Boxes.RemoveSmall(boxes, options.MinSide);
        (boxes, labels) = (boxes.index_select(0, large), labels.index_select(0, large));
        var probabilities = scores.reshape(-1).index_select(0, places.index_select(0, large));
        var kept = Nms.Batched(boxes, probabilities, labels, options.NmsThreshold);
        kept = kept.narrow(0, 0, Math.Min(kept.size(0), options.DetectionsPerImage));
        return new Detections(boxes.index_select(0, kept), labels.index_select(0, kept), probabilities.index_select(0, kept)).MoveToOuterDisposeScope();
    }
}
