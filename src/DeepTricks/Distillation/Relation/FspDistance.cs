namespace DeepTricks.Distillation;

/// <summary>How two flow matrices [B, C₁, C₂] are compared.</summary>
public enum FspDistance
{
    /// <summary>The mean of the squared differences over all elements.</summary>
    MeanSquare,

    /// <summary>The lengths of the differences' columns, along C₁, summed over columns and samples, over B.</summary>
    ColumnLength,
}
