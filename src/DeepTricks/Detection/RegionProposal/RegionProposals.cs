using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>What a <see cref="RegionProposalNetwork"/> gives.</summary>
/// <param name="ForTraining">For each image [K, 4] in pixels of the resized image, the likeliest first; empty without targets.</param>
/// <param name="ForDetection">The same with the numbers of evaluation; empty in training mode.</param>
/// <param name="Losses"><c>loss_objectness</c> and <c>loss_rpn_box_reg</c>; empty without targets.</param>
public sealed record RegionProposals(IReadOnlyList<Tensor> ForTraining, IReadOnlyList<Tensor> ForDetection, IReadOnlyList<LossTerm> Losses)
{
    internal RegionProposals MoveToOuterDisposeScope()
    {
        foreach (var boxes in ForTraining.Concat(ForDetection)) boxes.MoveToOuterDisposeScope();
        foreach (var term in Losses) term.Value.MoveToOuterDisposeScope();
        return this;
    }
}
