using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Proposes regions that may hold objects of any class (Ren et al., "Faster R-CNN", 2015): the likeliest anchors of each map, moved, clipped to the image and
/// thinned by non-maximum suppression map by map. The head is called <c>head</c>, as in torchvision.
/// </summary>
public sealed class RegionProposalNetwork : nn.Module<IReadOnlyList<Tensor>, ImageBatch, RegionProposals>
{
    private readonly AnchorGenerator _anchors;
    private readonly RegionProposalOptions _options;

    [ComponentName(Name = "head")] private readonly nn.Module<Tensor, (Tensor Objectness, Tensor Moves)> _head;

    /// <summary>Makes the network of its parts.</summary>
    /// <param name="anchors">The anchors; as many of a cell on each map.</param>
    /// <param name="head">Looks at a map: a <see cref="RegionProposalHead"/>, or one of the caller's. It is owned by this.</param>
    /// <param name="options">The numbers; torchvision's where null.</param>
    /// <exception cref="ArgumentException">The maps have unlike numbers of anchors.</exception>
    public RegionProposalNetwork(AnchorGenerator anchors, nn.Module<Tensor, (Tensor Objectness, Tensor Moves)> head, RegionProposalOptions? options = null)
        : base(nameof(RegionProposalNetwork))
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(head);
        if (anchors.PerCell.Distinct().Count() != 1)
            throw new ArgumentException($"The head is shared by all maps; expected as many anchors on each, and there are {string.Join(", ", anchors.PerCell)}.", nameof(anchors));
        (_anchors, _head, _options) = (anchors, head, options ?? new());
        RegisterComponents();
    }

    /// <summary>Proposes regions, and says how well it did where there are targets.</summary>
    /// <param name="maps">[N, C, Hl, Wl], from the finest to the coarsest.</param>
    /// <param name="batch">The images of the maps, with their targets where there are any.</param>
    /// <returns>Proposals without gradients, and the losses.</returns>
    /// <exception cref="ArgumentException">There is another number of maps than the anchors are made for.</exception>
    public override RegionProposals forward(IReadOnlyList<Tensor> maps, ImageBatch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var anchors = _anchors.Generate([.. maps.Select(map => new ImageSize(map.size(2), map.size(3)))], batch.PaddedSize, maps[0]);
        var scores = new List<AnchorScores>();
        for (var i = 0; i < maps.Count; i++)
        {
            var (objectness, moves) = _head.call(maps[i]);
            scores.Add(new(anchors[i], FlatObjectness(objectness), FlatMoves(moves)));
        }

        var learns = batch.Targets.Count > 0;
        var loss = learns ? new RegionProposalLoss(_options).Of(scores, batch.Targets) : [];
        var training = learns ? Propose(scores, batch, _options.CandidatesInTraining, _options.ProposalsInTraining) : [];
        var detection = this.training ? [] : Propose(scores, batch, _options.Candidates, _options.Proposals);
        return new RegionProposals(training, detection, loss).MoveToOuterDisposeScope();
    }

    private List<Tensor> Propose(List<AnchorScores> maps, ImageBatch batch, int candidates, int proposals)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var best = maps.Select(map => map.Best(candidates)).ToList();
        var levels = cat([.. best.Select((map, level) => full([map.Objectness.size(1)], level, dtype: ScalarType.Int64, device: map.Objectness.device))]);
        var (logits, moves, anchors) = (cat([.. best.Select(map => map.Objectness)], 1), cat([.. best.Select(map => map.Moves)], 1), cat([.. best.Select(map => map.Anchors)], 1));
        var probabilities = logits.sigmoid();
        var found = new List<Tensor>();
        for (var i = 0; i < batch.Sizes.Count; i++)
        {
            using var inner = NewDisposeScope();
            var moved = new BoxCoder().Decode(moves[i], anchors[i]).squeeze(1);
            var boxes = Boxes.Clip(moved, batch.Sizes[i].Height, batch.Sizes[i].Width);
            var (kept, score, level) = Large(boxes, probabilities[i], levels);
            var chosen = Nms.Batched(kept, score, level, _options.NmsThreshold);
            found.Add(kept.index_select(0, chosen.narrow(0, 0, Math.Min(chosen.size(0), proposals))).MoveToOuterDisposeScope());
        }

        foreach (var boxes in found) boxes.MoveToOuterDisposeScope();
        return found;
    }

    private (Tensor Boxes, Tensor Scores, Tensor Levels) Large(Tensor boxes, Tensor scores, Tensor levels)
    {
        var sides = boxes.narrow(1, 2, 2) - boxes.narrow(1, 0, 2);
        var good = sides.ge(_options.MinSide).all(1).logical_and(scores.ge(_options.ScoreThreshold));
        var kept = good.nonzero().view(-1);
        return kept.size(0) == boxes.size(0) ? (boxes, scores, levels) : (boxes.index_select(0, kept), scores.index_select(0, kept), levels.index_select(0, kept));
    }

    /// <summary>[N, A, H, W] in the order of the anchors, [N, H · W · A].</summary>
    private static Tensor FlatObjectness(Tensor objectness) => objectness.permute(0, 2, 3, 1).reshape(objectness.size(0), -1);

    /// <summary>[N, 4 A, H, W] in the order of the anchors, [N, H · W · A, 4].</summary>
    private static Tensor FlatMoves(Tensor moves) => moves.permute(0, 2, 3, 1).reshape(moves.size(0), -1, 4);
}
