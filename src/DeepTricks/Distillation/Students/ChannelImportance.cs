namespace DeepTricks.Distillation;

/// <summary>By what a channel is kept.</summary>
public enum ChannelImportance
{
    /// <summary>The sum of the absolute weights that make it (Li et al., "Pruning Filters for Efficient ConvNets", 2017).</summary>
    WeightMagnitude,

    /// <summary>
    /// The absolute weight that its batch normalisation multiplies it by (Liu et al., "Learning Efficient Convolutional Networks through Network Slimming", 2017).
    /// </summary>
    NormWeight,
}
