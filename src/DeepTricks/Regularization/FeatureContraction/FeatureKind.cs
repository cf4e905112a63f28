namespace DeepTricks.Regularization;

/// <summary>What of a layer is taken as its features.</summary>
public enum FeatureKind
{
    /// <summary>What the layer returns.</summary>
    Output,

    /// <summary>What the layer is given.</summary>
    Input,
}
