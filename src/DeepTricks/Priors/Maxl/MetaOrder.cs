namespace DeepTricks.Priors;

/// <summary>How the gradient through the virtual step is taken.</summary>
public enum MetaOrder
{
    /// <summary>Exactly: a derivative of the gradient, which a second backward pass takes.</summary>
    Second,

    /// <summary>
    /// By two forward passes at weights a little to either side along the gradient of the primary loss (as in DARTS; Liu et al., 2019), without a graph of the
    /// gradient.
    /// </summary>
    First,
}
