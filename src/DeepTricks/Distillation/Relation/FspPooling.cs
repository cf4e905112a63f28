namespace DeepTricks.Distillation;

/// <summary>How the larger of two maps is brought to the size of the smaller.</summary>
public enum FspPooling
{
    /// <summary>By the mean of each region.</summary>
    Average,

    /// <summary>By the largest value of each region.</summary>
    Maximum,
}
