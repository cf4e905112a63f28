namespace DeepTricks.Distillation;

/// <summary>The size of a <see cref="KnowledgeReviewLoss"/>.</summary>
public sealed record KnowledgeReviewLossOptions
{
    private const long MostChannels = 512;

    /// <summary>The most channels in the fusions, at least 1; 512 by default, as in mdistiller (which reads another number from its configuration, and does not use it). The student's deepest layer says how many there are below that.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long MaximumMiddleChannels { get; init => field = FeatureChecks.Count(value, nameof(MaximumMiddleChannels)); } = MostChannels;
}
