namespace DeepTricks.Losses;

/// <summary>What a class weighs in a <see cref="GeneralizedDiceLoss"/>, of its true pixels T.</summary>
public enum VolumeWeight
{
    /// <summary>1/T², as in the paper; MONAI's default.</summary>
    Square,

    /// <summary>1/T.</summary>
    Simple,

    /// <summary>1.</summary>
    Uniform,
}
