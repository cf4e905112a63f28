using DeepTricks.Losses;

namespace DeepTricks.Distillation;

/// <summary>What the parts of an instance relationship graph count; by default as in Knowledge-Distillation-Zoo.</summary>
public sealed record InstanceRelationshipLossOptions
{
    /// <summary>What the vertices count, the logits; 0.1 by default.</summary>
    public double VertexWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 0.1;

    /// <summary>What the edges count, distances among the samples of a layer; 5 by default.</summary>
    public double EdgeWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 5;

    /// <summary>What the transformations count, how far each sample goes from a layer to the next; 5 by default.</summary>
    public double TransformationWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 5;

    /// <summary>Squared distances are at least this, and have no gradient where they are less; 1e-12 by default.</summary>
    public double SmallestSquare { get; init => field = SegmentationChecks.Positive(value); } = 1e-12;
}
