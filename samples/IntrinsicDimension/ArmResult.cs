using DeepTricks.Interpretability;

namespace DimensionSample;

/// <summary>What the runs of one arm gave.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Profiles">One for each seed.</param>
/// <param name="Errors">On the test images, or of shuffled labels on the measured images, in per cent.</param>
internal sealed record ArmResult(Arm Arm, IReadOnlyList<DimensionProfile> Profiles, IReadOnlyList<double> Errors)
{
    /// <summary>A layer's dimension over the seeds.</summary>
    public MeanAndSpread Dimension(int layer) => MeanAndSpread.Of([.. Profiles.Select(profile => profile.Layers[layer].Dimension)]);

    /// <summary>The error over the seeds.</summary>
    public MeanAndSpread Error() => MeanAndSpread.Of(Errors);
}
