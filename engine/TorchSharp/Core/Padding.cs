namespace TorchSharp;

/// <summary>Padding of a convolution that is named rather than counted.</summary>
public enum Padding
{
    /// <summary>None.</summary>
    Valid = 0,

    /// <summary>As much as keeps the size.</summary>
    Same = 1,
}
