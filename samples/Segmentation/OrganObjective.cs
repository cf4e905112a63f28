using DeepTricks.Losses;
using DeepTricks.Segmentation;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace SegmentationSample;

/// <summary>
/// The loss of an arm: its terms on the main map, or on those of all levels, and where the network is guided the cross-entropy of its
/// answer to "is there an organ at all?", which the mask answers as well.
/// </summary>
internal sealed class OrganObjective(UNetThreePlus network, Arm arm) : Objective(network)
{
    private readonly UNet3PlusLoss _hybrid = new();
    private SegmentationMaps? _maps;

    public override Tensor Forward(Tensor input)
    {
        _maps = network.Maps(input);
        return _maps.Main;
    }

    public override void Loss(StepContext step)
    {
        var supervision = new DeepSupervision(Terms, new() { Weights = ScaleWeights.Equal, Normalize = true, Match = ScaleMatch.Output });
        foreach (var term in supervision.Terms(_maps!.Sides, step.Target))
            step.Terms.Add(term);
        if (_maps.Presence is { } presence)
            step.Terms.Add(new("presence", nn.functional.binary_cross_entropy_with_logits(presence, step.Target.amax([1, 2, 3]).unsqueeze(1))));
        _maps = null;
    }

    private IReadOnlyList<LossTerm> Terms(Tensor logits, Tensor mask) => arm.Hybrid
        ? _hybrid.Terms(logits, mask)
        : [new("cross-entropy", nn.functional.binary_cross_entropy_with_logits(logits, mask))];
}
