namespace KakapoSample;

/// <summary>What one run gave; shares are in per cent, and NaN where the network has no maps of evidence.</summary>
internal sealed record RunResult
{
    /// <summary>Accuracy where grounds go with birds as in training.</summary>
    public required double Usual { get; init; }

    /// <summary>Accuracy where no bird is before its usual ground.</summary>
    public required double Swapped { get; init; }

    /// <summary>The share of the positive evidence for the true species that lies outside the bird, before usual grounds.</summary>
    public required double Outside { get; init; }

    /// <summary>The same of evidence relative to the mean over the species, which is what a softmax sees.</summary>
    public required double RelativeOutside { get; init; }

    /// <summary>The share of the positive evidence for the true species that lies outside the bird, before swapped grounds.</summary>
    public required double SwappedOutside { get; init; }

    /// <summary>The seconds of training, where runs may have shared the processors.</summary>
    public required double Seconds { get; init; }
}
