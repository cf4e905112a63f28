namespace DeepTricks.Losses;

/// <summary>What is resized where an output is smaller than the target.</summary>
public enum ScaleMatch
{
    /// <summary>The target, by the nearest pixel ("nearest-exact"), as in MONAI and nnU-Net: cheap, and labels stay labels.</summary>
    Target,

    /// <summary>The output, bilinearly or trilinearly to the target's size, as in UNet3+: nothing of the target is lost.</summary>
    Output,
}
