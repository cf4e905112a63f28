namespace DeepTricks.Detection;

/// <summary>What a support vector machine pays for a sample whose margin m is below 1.</summary>
public enum HingeLoss
{
    /// <summary>1 − m.</summary>
    Linear,

    /// <summary>(1 − m)².</summary>
    Squared,
}
