namespace DeepTricks.Losses;

/// <summary>How a <see cref="LovaszSoftmaxLoss"/> is computed; by default as its authors do.</summary>
public sealed record LovaszSoftmaxLossOptions
{
    /// <summary>What turns scores into probabilities; softmax by default. With sigmoid or none each class is a mask of its own.</summary>
    public ScoreActivation Activation { get; init; }

    /// <summary>Pixels with this label, or this value of a mask, count for nothing; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = SegmentationInput.DefaultIgnoreIndex;

    /// <summary>Over which classes the mean is; those present by default.</summary>
    public LovaszClasses Classes { get; init; }

    /// <summary>Whether there is one loss of each image, and their mean, rather than one of all pixels of the batch; false by default.</summary>
    public bool PerImage { get; init; }
}
