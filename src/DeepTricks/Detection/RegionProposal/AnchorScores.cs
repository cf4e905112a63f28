using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>What the head says of the anchors of one map, or of some of them.</summary>
/// <param name="Anchors">[A, 4] of all images, or [N, A, 4].</param>
/// <param name="Objectness">Logits, [N, A].</param>
/// <param name="Moves">[N, A, 4].</param>
internal sealed record AnchorScores(Tensor Anchors, Tensor Objectness, Tensor Moves)
{
    /// <summary>The likeliest anchors of each image, the likeliest first.</summary>
    internal AnchorScores Best(int count)
    {
        using var scope = NewDisposeScope();
        var (scores, indices) = Objectness.topk((int)Math.Min(count, Objectness.size(1)), 1);
        var moves = Moves.gather(1, indices.unsqueeze(2).expand(-1, -1, Moves.size(2)));
        var anchors = Anchors.index_select(0, indices.view(-1)).view(indices.size(0), -1, Anchors.size(1));
        return new(anchors.MoveToOuterDisposeScope(), scores.MoveToOuterDisposeScope(), moves.MoveToOuterDisposeScope());
    }
}
