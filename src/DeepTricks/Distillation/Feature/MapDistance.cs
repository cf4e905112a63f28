namespace DeepTricks.Distillation;

/// <summary>How two maps of a sample, of attention or of gradients, are compared.</summary>
public enum MapDistance
{
    /// <summary>The mean over samples and places of the squared differences.</summary>
    MeanSquare,

    /// <summary>The Euclidean distance of the maps, not squared, averaged over the samples.</summary>
    Euclidean,
}
