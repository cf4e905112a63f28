using DeepTricks.Backbones;
using DeepTricks.Priors;
using TorchSharp;
using static TorchSharp.torch;

namespace KakapoSample;

/// <summary>Where a network finds the evidence for the true species.</summary>
internal static class Evidence
{
    /// <summary>The share outside the birds, in per cent; a place at the outline counts by the part of it that is outside. NaN where the network has no map.</summary>
    public static double Outside(Learner learner, BirdSet set, bool relative)
    {
        if (!learner.HasEvidence) return double.NaN;
        using var maps = Maps(learner, set, relative);
        using var outside = new EvidenceOutside(MaskMatch.Area);
        outside.Update(maps, set.Birds);
        return 100 * outside.Compute();
    }

    /// <summary>The maps, in the unit of a logit, [N, 12, 12].</summary>
    public static Tensor Maps(Learner learner, BirdSet set, bool relative)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        learner.Network.eval();
        using var extractor = new FeatureExtractor(learner.Network, Networks.Features);
        var weight = learner.Network.get_parameter($"{Networks.Classifier}.weight")!;
        return CamConstraint.Evidence(extractor.Extract(set.Images)[Networks.Features], weight, set.Labels, new() { Relative = relative }).MoveToOuterDisposeScope();
    }
}
