namespace DeepTricks.Data;

/// <summary>The places that <see cref="Mnist"/> takes its data from, in the order in which it looks.</summary>
public enum MnistSourceKind
{
    /// <summary>The folder that the caller named.</summary>
    Directory,

    /// <summary>The folder that the environment variable DEEPTRICKS_DATA names.</summary>
    Environment,

    /// <summary>The folder ../shared/data/mnist, relative to the current folder or to the repository that it is in.</summary>
    Shared,

    /// <summary>The published files, downloaded into the cache folder or found there.</summary>
    Download,

    /// <summary>Digits drawn by <see cref="SyntheticDigits"/>: not MNIST.</summary>
    Synthetic,
}
