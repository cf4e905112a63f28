namespace DeepTricks.Kernels;

/// <summary>How scores become probabilities in kernels.</summary>
internal enum PixelActivation
{
    Softmax,
    Sigmoid,
    None,
}
