using DeepTricks.Losses;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>How learned targets are mixed, and with what they start.</summary>
public sealed record OnlineLabelSmoothingOptions
{
    /// <summary>The number of classes, K; at least 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public required int Classes
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(Classes), value, "Expected at least two classes.");
    }

    /// <summary>
    /// α: the share of the cross-entropy towards the label; the rest is towards the learned targets. In [0, 1]; 0.5 by default, as the paper
    /// and its code weigh both alike.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double HardShare { get; init => field = LabelSmoothingOptions.CheckSmoothing(value); } = 0.5;

    /// <summary>
    /// ε of the uniform targets, (1 − ε) one-hot + ε/K, that a class has in the first epoch and after an epoch in which none of its samples was
    /// predicted correctly. 1 by default, the uniform distribution, as in the authors' code; others start from 0.1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double InitialSmoothing { get; init => field = LabelSmoothingOptions.CheckSmoothing(value); } = 1;

    /// <summary>[K], a weight for each class in the loss; null, the default, for 1.</summary>
    public Tensor? Weight { get; init; }

    /// <summary>Samples with this label count for nothing; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = LabelSmoothingOptions.DefaultIgnoreIndex;

    /// <summary>The mean over the samples by default.</summary>
    public nn.Reduction Reduction { get; init; } = nn.Reduction.Mean;
}
