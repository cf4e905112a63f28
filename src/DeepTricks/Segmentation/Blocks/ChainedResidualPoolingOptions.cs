namespace DeepTricks.Segmentation;

/// <summary>The shape of a <see cref="ChainedResidualPooling"/>.</summary>
public sealed record ChainedResidualPoolingOptions : RefinementBlockOptions
{
    /// <summary>The pairs of pooling and convolution in the chain; at least 1, 4 by default, as in DrSleep/refinenet-pytorch (2 in the paper's experiments).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Stages { get; init => field = CheckCount(value, nameof(Stages)); } = 4;

    /// <summary>The side of the pooling's window, odd; 5 by default, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is even or below 1.</exception>
    public int PoolSize { get; init => field = CheckOdd(value, nameof(PoolSize)); } = 5;

    /// <summary>
    /// Whether the block starts with the ReLU that the paper has at its head; false by default, as in DrSleep/refinenet-pytorch, whose networks apply it
    /// before the block. It comes before the identity as well, not before the poolings alone.
    /// </summary>
    public bool LeadingRelu { get; init; }
}
