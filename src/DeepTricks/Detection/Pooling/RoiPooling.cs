namespace DeepTricks.Detection;

/// <summary>What the samples of a bin become.</summary>
public enum RoiPooling
{
    /// <summary>Their mean, as torchvision computes it.</summary>
    Average,

    /// <summary>The largest of them; the gradient goes to the first that is.</summary>
    Maximum,
}
