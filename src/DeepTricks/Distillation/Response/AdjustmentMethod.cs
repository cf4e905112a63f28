namespace DeepTricks.Distillation;

/// <summary>How a teacher that is wrong is corrected.</summary>
public enum AdjustmentMethod
{
    /// <summary>Its highest probability and the label's are exchanged.</summary>
    Shift,

    /// <summary>Its probabilities give way to those of a smoothed label.</summary>
    Smooth,
}
