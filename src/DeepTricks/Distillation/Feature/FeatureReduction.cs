namespace DeepTricks.Distillation;

/// <summary>Over what the terms of a loss of features are averaged.</summary>
public enum FeatureReduction
{
    /// <summary>The mean over all elements: the loss does not grow with the features.</summary>
    ElementMean,

    /// <summary>The sum over the elements of a sample, and the mean over the samples: the loss grows with the features, and its weight must fall with them.</summary>
    SampleMean,
}
