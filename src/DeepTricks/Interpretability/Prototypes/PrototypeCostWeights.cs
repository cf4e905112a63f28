namespace DeepTricks.Interpretability;

/// <summary>How much each cost of a <see cref="ProtoPNet"/> counts. The defaults are the authors'.</summary>
public sealed record PrototypeCostWeights
{
    /// <summary>The weight of the cross entropy; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public double CrossEntropy { get; init => field = Finite(value, nameof(CrossEntropy)); } = 1;

    /// <summary>The weight of <see cref="PrototypeCosts.Cluster(TorchSharp.torch.Tensor, TorchSharp.torch.Tensor, TorchSharp.torch.Tensor)"/>; 0.8 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public double Cluster { get; init => field = Finite(value, nameof(Cluster)); } = 0.8;

    /// <summary>The weight of <see cref="PrototypeCosts.Separation"/>, negative, for the distance is to be large; −0.08 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public double Separation { get; init => field = Finite(value, nameof(Separation)); } = -0.08;

    /// <summary>The weight of <see cref="PrototypeCosts.Sparsity"/>; 1e-4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public double Sparsity { get; init => field = Finite(value, nameof(Sparsity)); } = 1e-4;

    /// <summary>
    /// Whether prototypes belong to classes; true by default. Else each image is to be near any prototype, nothing is separated, and all weights of the last
    /// layer count.
    /// </summary>
    public bool ClassSpecific { get; init; } = true;

    private static double Finite(double value, string name) => double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite weight.");
}
